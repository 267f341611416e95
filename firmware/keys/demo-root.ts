/**
 * The root of all demo certificates, with its private key. The key is public ON PURPOSE: anybody may make demo
 * certificates with it, so that no demo record can ever pass for evidence. What is signed under this root is called DEMO,
 * whatever its certificate says. It protects nothing and is the only private key in this tree.
 */

/** Valid from 2025 to 2099. */
export const DEMO_ROOT_CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIB0TCCAXegAwIBAgIUJQPTHwdtpbpgL4NpR5UdQP/y0s0wCgYIKoZIzj0EAwIw
RDElMCMGA1UECgwcS2VyYnNpZGUgREVNTyAtIE5PVCBFVklERU5DRTEbMBkGA1UE
AwwSS2VyYnNpZGUgREVNTyByb290MCAXDTI1MDEwMTAwMDAwMFoYDzIwOTkxMjMx
MjM1OTU5WjBEMSUwIwYDVQQKDBxLZXJic2lkZSBERU1PIC0gTk9UIEVWSURFTkNF
MRswGQYDVQQDDBJLZXJic2lkZSBERU1PIHJvb3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAATJl2v8IJH+AjHBxNWMK9M8vZj19S4J4+EuAoXPtoaSY/rVTUp/Wy8S
8sRkfNP5CybzrlpfFF626lCqLxYeztpVo0UwQzASBgNVHRMBAf8ECDAGAQH/AgEA
MA4GA1UdDwEB/wQEAwIBBjAdBgNVHQ4EFgQUVsm78cGbqop+XCEoHZdtULbCxzcw
CgYIKoZIzj0EAwIDSAAwRQIhAPfMsXwdEAO0z9zz9ejV8yBtC91BaA+okKr+Lwyz
l3HJAiBDpJOB9FV+Yp7NHnFQ93B2jtDQXhzmOMianb/rh/Zlyg==
-----END CERTIFICATE-----
`;

/** Published deliberately, see above. */
export const DEMO_ROOT_PRIVATE_KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgr/1vmIvAO5ZLNTvB
b+oUlYE5RqXqJeQjy/vdCEtoL0qhRANCAATJl2v8IJH+AjHBxNWMK9M8vZj19S4J
4+EuAoXPtoaSY/rVTUp/Wy8S8sRkfNP5CybzrlpfFF626lCqLxYeztpV
-----END PRIVATE KEY-----
`;
