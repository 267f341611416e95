/** Libraries that `src/` may use: functions of their arguments, with no clock, no I/O and no randomness. */
export const PURE_LIBS: Readonly<Record<string, string>> = {
  zod: 'validates the site file; a schema is a function of the value',
  protobufjs: 'writes and reads the messages of proto/; only its minimal run time, which touches nothing but bytes',
  long: '64-bit integers of those messages',
  cborg: 'reads and writes the CBOR of the C2PA manifest; both are functions of bytes and values',
  'date-holidays':
    'public holidays of a year and a province; its only look at the clock is where no year is given, and one always is',
  suncalc: 'position of the sun for a time and a place that are given to it (dark enough for the flash?)',
  '@peculiar/asn1-cms':
    'the structure of a detached signature as its standard (RFC 5652) states it; bytes in, values out',
  '@peculiar/asn1-schema': 'reads and writes ASN.1 by those structures',
  '@peculiar/asn1-x509': 'the structure of certificates (RFC 5280), of which the public key and the names are needed',
};
