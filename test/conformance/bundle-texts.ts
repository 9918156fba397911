/** The same certificates written down in all the ways that people and tools write them. */
export interface BundleText {
  readonly name: string;
  readonly text: string;
}

const BOM = '\uFEFF';

/** Texts that nginx loads. `first` and `second` are PEM certificates. */
export function loadableTexts(first: string, second: string): BundleText[] {
  return [
    { name: 'plain', text: first + second },
    { name: 'CRLF', text: (first + second).replaceAll('\n', '\r\n') },
    { name: 'a byte order mark at the start', text: BOM + first + second },
    { name: 'a byte order mark between files', text: first + BOM + second },
    { name: 'a byte order mark behind junk', text: `${first}junk\n${BOM}${second}` },
    { name: 'junk text between', text: `subject=CN=a\n${first}\nsubject=CN=b\n${second}the end` },
    { name: 'duplicates', text: first + second + first },
    { name: 'an indented block', text: first + second.replaceAll(/^/gm, '  ') },
    { name: 'an indented body', text: first + second.replaceAll(/^(?=[^-])/gm, '  ') },
    {
      name: 'text behind the BEGIN line',
      text: first + second.replace('CERTIFICATE-----', 'CERTIFICATE----- x'),
    },
    { name: 'one long line', text: first + oneLine(second) },
    {
      name: 'the label X509 CERTIFICATE',
      text: first + second.replaceAll('CERTIFICATE', 'X509 CERTIFICATE'),
    },
    { name: 'line ends of old Macs', text: first + second.replaceAll('\n', '\r') },
    { name: 'an empty line behind BEGIN', text: first + second.replace('E-----\n', 'E-----\n\n') },
    { name: 'spaces within the base64', text: first + second.replace(/^(.{20})(.{20})/m, '$1 \t $2') },
    { name: 'a comment of a thousand characters', text: `# ${'é'.repeat(1000)}\n${first}${second}` },
    {
      name: 'a TRUSTED CERTIFICATE behind',
      text: first + second.replaceAll('CERTIFICATE', 'TRUSTED CERTIFICATE'),
    },
    { name: 'a foreign block', text: `${first}${second.replaceAll('CERTIFICATE', 'SOMETHING')}` },
  ];
}

/** Texts that make `nginx -t` fail. */
export function unloadableTexts(first: string, second: string): BundleText[] {
  return [
    { name: 'empty', text: '' },
    { name: 'a NUL byte before the first block', text: `\0\n${first}` },
    { name: 'no PEM', text: 'nothing of use\n' },
    { name: 'glued without a line break', text: first.trimEnd() + second },
    { name: 'truncated', text: first + second.slice(0, 200) },
    {
      name: 'a block without its END',
      text: `${first}${second.split('\n').slice(0, 4).join('\n')}\n${second}`,
    },
    { name: 'a bad base64 character', text: first + second.replace(/^MII/m, 'M!I') },
    { name: 'bytes that are no certificate', text: first + second.replace(/^MII/m, 'AAA') },
    {
      name: 'an empty block',
      text: `${first}-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n${second}`,
    },
    { name: 'an empty line within', text: first + second.replace(/^(.{64})$/m, '$1\n') },
    { name: 'a comment within', text: first + second.replace(/^(.{64})$/m, '$1 # new') },
    { name: 'a byte order mark within', text: first + second.replace('E-----\n', `E-----\n${BOM}`) },
    { name: 'a space that OpenSSL does not know', text: first + second.replace('E-----\n', 'E-----\n\v') },
    {
      name: 'a line indented by 300 spaces',
      text: first + second.replace('E-----\n', `E-----\n${' '.repeat(300)}`),
    },
    { name: 'a TRUSTED CERTIFICATE alone', text: first.replaceAll('CERTIFICATE', 'TRUSTED CERTIFICATE') },
    { name: 'PKCS7 by its label', text: first.replaceAll('CERTIFICATE', 'PKCS7') },
    { name: 'base64 without armour', text: first.replaceAll(/^-.*$/gm, '') },
  ];
}

function oneLine(pem: string): string {
  const body = pem.replaceAll(/^-.*$/gm, '').replaceAll('\n', '');
  return `-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----\n`;
}
