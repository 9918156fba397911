import { Name } from './x509.js';

/** Names of attribute types where OpenSSL and @peculiar/x509 differ, or where only OpenSSL has one. */
const OPENSSL_NAMES: Readonly<Record<string, string>> = {
  E: 'emailAddress',
  G: 'GN',
  I: 'initials',
  T: 'title',
  '0.9.2342.19200300.100.1.1': 'UID',
  '1.2.840.113549.1.9.2': 'unstructuredName',
  '1.3.6.1.4.1.311.60.2.1.1': 'jurisdictionL',
  '1.3.6.1.4.1.311.60.2.1.2': 'jurisdictionST',
  '1.3.6.1.4.1.311.60.2.1.3': 'jurisdictionC',
  '2.5.4.5': 'serialNumber',
  '2.5.4.9': 'street',
  '2.5.4.13': 'description',
  '2.5.4.15': 'businessCategory',
  '2.5.4.17': 'postalCode',
  '2.5.4.46': 'dnQualifier',
  '2.5.4.65': 'pseudonym',
  '2.5.4.97': 'organizationIdentifier',
};

/**
 * A DER `Name` as RFC 4514 text: last RDN first, `,` between RDNs, `+` inside one. The same text as nginx's
 * `$ssl_client_s_dn` (OpenSSL's RFC2253 form), except that letters outside ASCII stay readable. Throws when the
 * DER is broken.
 */
export function distinguishedName(der: Uint8Array<ArrayBuffer>): string {
  return nameText(new Name(der));
}

/** As {@link distinguishedName}, for a name that is parsed already. */
export function nameText(name: Name): string {
  return (
    name
      .toJSON()
      .map((rdn) =>
        Object.entries(rdn).flatMap(([type, values]) => values.map((value) => attribute(type, value))),
      )
      // OpenSSL turns the attributes of one RDN round as well.
      .map((attributes) => attributes.reverse().join('+'))
      .reverse()
      .join(',')
  );
}

/** For comparing names as RFC 5280 7.1 does: case and runs of white space do not count. */
export function comparableName(text: string): string {
  return text.toLowerCase().replace(/\s+/g, ' ');
}

function attribute(type: string, value: string): string {
  return `${OPENSSL_NAMES[type] ?? type}=${escapeValue(value)}`;
}

/** RFC 4514 2.4 */
function escapeValue(value: string): string {
  return value
    .replace(/[",+;<>\\]/g, '\\$&')
    .replace(/^[ #]/, '\\$&')
    .replace(/ $/, '\\ ')
    .replace(/\p{Cc}/gu, (character) => hexPairs(character));
}

function hexPairs(character: string): string {
  return [...Buffer.from(character, 'utf8')]
    .map((byte) => `\\${byte.toString(16).toUpperCase().padStart(2, '0')}`)
    .join('');
}
