/** PEM (RFC 7468): the text form in which certificates and requests travel. Private keys are left to node:crypto. */

const LINE = 64;

export function toPem(label: 'CERTIFICATE' | 'CERTIFICATE REQUEST' | 'CMS', der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(new RegExp(`.{1,${LINE}}`, 'g')) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}

/**
 * Certificates in the order of the file; what stands between them is left out, as openssl does.
 * @param bytes PEM with any number of certificates, or one certificate in DER
 * @returns DER of each; none when it is neither
 */
export function certificatesIn(bytes: Uint8Array): Uint8Array[] {
  if (bytes[0] === 0x30) return [bytes];
  const text = Buffer.from(bytes).toString('latin1');
  const blocks = text.matchAll(/-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----/g);
  return [...blocks].map(([, base64 = '']) => Uint8Array.from(Buffer.from(base64, 'base64')));
}
