/**
 * The roots of the DEMO issuers of reference data, with their private keys. The keys are public ON PURPOSE, as the one of
 * `demo-root.ts`: anybody may make demo packs, so that none can ever pass for one of PIB or of calibration services. What
 * is signed under these roots is called DEMO, whatever it says. They are separate from the root of demo evidence, so that
 * a camera's demo key cannot sign a pack, and from each other, as the real ones are.
 */
import type { IssuerKind } from '../../src/site/packs/head.js';

export interface DemoIssuer {
  /** PEM. Valid from 2025 to 2099. */
  readonly certificate: string;
  /** Published deliberately, see above. */
  readonly privateKey: string;
}

export const DEMO_ISSUERS: Readonly<Record<IssuerKind, DemoIssuer>> = {
  pib: {
    certificate: `-----BEGIN CERTIFICATE-----
MIIB2DCCAX+gAwIBAgIUKPM9D9rznVkVIwFDxtitH9YIguowCgYIKoZIzj0EAwIw
SDElMCMGA1UECgwcS2VyYnNpZGUgREVNTyAtIE5PVCBFVklERU5DRTEfMB0GA1UE
AwwWS2VyYnNpZGUgREVNTyBQSUIgcm9vdDAgFw0yNTAxMDEwMDAwMDBaGA8yMDk5
MTIzMTIzNTk1OVowSDElMCMGA1UECgwcS2VyYnNpZGUgREVNTyAtIE5PVCBFVklE
RU5DRTEfMB0GA1UEAwwWS2VyYnNpZGUgREVNTyBQSUIgcm9vdDBZMBMGByqGSM49
AgEGCCqGSM49AwEHA0IABHhVBRWX5sN/JT8ZsqeQsB1uKLmY/vMk8K4KdRSudbyV
oEcuw3P1FBg4yQYIr3OhxCELAwUkRtWtEj3clnx5QXyjRTBDMBIGA1UdEwEB/wQI
MAYBAf8CAQAwDgYDVR0PAQH/BAQDAgEGMB0GA1UdDgQWBBQNEX8r39Q/yXRJ9IRR
0Y0k1Fl9pzAKBggqhkjOPQQDAgNHADBEAiBClZQiBxqrLNnhzCtox678DW6BueDW
oQEiYZoP454v5QIgLETjw19wIB+Ws6bINC90//KuudbLYAyXAgh/XTPEgh8=
-----END CERTIFICATE-----
`,
    privateKey: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgMYSZyCGlKOECQwCo
Cj1jQF5FTru51yxQijS7bpLVmOqhRANCAAR4VQUVl+bDfyU/GbKnkLAdbii5mP7z
JPCuCnUUrnW8laBHLsNz9RQYOMkGCK9zocQhCwMFJEbVrRI93JZ8eUF8
-----END PRIVATE KEY-----
`,
  },
  calibration: {
    certificate: `-----BEGIN CERTIFICATE-----
MIIB6TCCAY+gAwIBAgIUMC5EalwEQrzBo64LU1Wju9a9XiowCgYIKoZIzj0EAwIw
UDElMCMGA1UECgwcS2VyYnNpZGUgREVNTyAtIE5PVCBFVklERU5DRTEnMCUGA1UE
AwweS2VyYnNpZGUgREVNTyBjYWxpYnJhdGlvbiByb290MCAXDTI1MDEwMTAwMDAw
MFoYDzIwOTkxMjMxMjM1OTU5WjBQMSUwIwYDVQQKDBxLZXJic2lkZSBERU1PIC0g
Tk9UIEVWSURFTkNFMScwJQYDVQQDDB5LZXJic2lkZSBERU1PIGNhbGlicmF0aW9u
IHJvb3QwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAATDBzyY8xIJ3biVOmaYDZta
U9JsGHDrFfgOg1cDWovyHWuHIzyebFqx6ellk7x++ayUPMM4v2VpTPkUKEEvSEp6
o0UwQzASBgNVHRMBAf8ECDAGAQH/AgEAMA4GA1UdDwEB/wQEAwIBBjAdBgNVHQ4E
FgQUV1o+h0FD2QwDr0aTbErgjcem+pwwCgYIKoZIzj0EAwIDSAAwRQIgB39N4F2I
nhWPhaZg8o/zpFLdHY9RJ7lwJJ7OP4yWyWgCIQDA4fVt0n0msq1UWFwJ2SjP+mpX
i6HisNK28TW+5vww2g==
-----END CERTIFICATE-----
`,
    privateKey: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgce26hyz+ga4/DcBi
3LLLMYelRRevPrwzb0IHo1k4jWuhRANCAATDBzyY8xIJ3biVOmaYDZtaU9JsGHDr
FfgOg1cDWovyHWuHIzyebFqx6ellk7x++ayUPMM4v2VpTPkUKEEvSEp6
-----END PRIVATE KEY-----
`,
  },
};
