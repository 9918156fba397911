import { describe, expect, it } from 'vitest';
import { ISSUING, LEAF, MARKER, NAMES, OTHER, ROOT, VERSION_ONE, WEAK } from './certificates.fixture.js';
import { parseBundle } from './parse-bundle.js';

const KEY_BODY = 'MC4CAQAwBQYDK2VwBCIEIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f';
const KEY = `-----BEGIN PRIVATE KEY-----\n${KEY_BODY}\n-----END PRIVATE KEY-----\n`;

function subjects(text: string): string[] {
  return parseBundle(text).certificates.map(({ subject }) => subject);
}

function codes(text: string): string[] {
  return parseBundle(text).findings.map(({ code }) => code);
}

function relabel(pem: string, label: string): string {
  return pem.replaceAll('CERTIFICATE', label);
}

const ROOT_NAME = 'CN=Example Root,O=Acme GmbH,C=DE';
const ISSUING_NAME = 'CN=Example Issuing';

describe('what parseBundle reads of a certificate', () => {
  it('reads names, dates, key, identifiers and digest', () => {
    expect(parseBundle(ROOT).certificates).toEqual([
      {
        subject: ROOT_NAME,
        issuer: ROOT_NAME,
        commonName: 'Example Root',
        serial: '7ef2e5b29a9abe147aa1e820fefc71a2',
        fingerprint: '0cd3463df94070a7a8d8380358c1f37e70a01a458bc02a7f9d0c45b7ce5ac5bf',
        notBefore: Date.UTC(2020, 0, 1),
        notAfter: Date.UTC(2099, 0, 1),
        version: 3,
        basicConstraints: { ca: true, pathLength: null },
        isCa: true,
        keyCertSign: true,
        ski: '74ed230a80a8ba95904561d54a2c813bd34cf3bb',
        aki: '74ed230a80a8ba95904561d54a2c813bd34cf3bb',
        key: { type: 'EC', bits: 256 },
        // openssl x509 -noout -pubkey | openssl pkey -pubin -outform der | sha256sum
        keyDigest: '4d6002efd3186812f80134faa28db2bf7136218e876e958e5dd5daea0bf1286d',
        signatureAlgorithm: 'ECDSA-SHA256',
        selfSigned: true,
        extendedKeyUsages: [],
        index: 1,
        line: 1,
        pem: ROOT,
      },
    ]);
  });

  it('reads what tells an intermediate, a leaf and a weak CA apart', () => {
    const [issuing, leaf, weak] = parseBundle(ISSUING + LEAF + WEAK).certificates;
    expect(issuing).toMatchObject({
      ...{ isCa: true, selfSigned: false, issuer: ROOT_NAME },
      basicConstraints: { ca: true, pathLength: 0 },
      aki: '74ed230a80a8ba95904561d54a2c813bd34cf3bb',
    });
    expect(leaf).toMatchObject({ isCa: false, keyCertSign: false, extendedKeyUsages: ['1.3.6.1.5.5.7.3.2'] });
    expect(weak).toMatchObject({
      ...{ ski: null, aki: null, keyCertSign: false, signatureAlgorithm: 'RSA-SHA1' },
      key: { type: 'RSA', bits: 1024 },
    });
  });

  it('takes a self-signed version 1 certificate for a CA, as OpenSSL does', () => {
    expect(parseBundle(VERSION_ONE).certificates[0]).toMatchObject({
      ...{ version: 1, basicConstraints: null, isCa: true },
    });
  });

  it('gives names as plain lists and texts that survive a copy', () => {
    const { certificates } = parseBundle(ROOT + LEAF);
    expect(structuredClone(certificates)).toStrictEqual(certificates);
  });

  it('writes names as OpenSSL does in RFC 2253 form, non-ASCII letters readable', () => {
    expect(subjects(OTHER)).toEqual(['CN=other,O=Ünlimited\\, \\"quoted\\" \\+ Söhne']);
    // From: openssl x509 -noout -subject -nameopt RFC2253
    expect(subjects(NAMES)).toEqual([
      'CN=odd\\;\\<name\\>+UID=u1,emailAddress=a@example.com,title=Dr,SN=L,GN=Ada,serialNumber=42,OU=\\ padded\\ ,O=A\\, B,street=Hauptstr. 1,postalCode=10115,C=DE,DC=com,DC=example',
    ]);
  });
});

describe('texts that nginx reads', () => {
  const both = ROOT + ISSUING;

  it.each([
    { what: 'two blocks', text: both },
    { what: 'line ends of Windows', text: both.replaceAll('\n', '\r\n') },
    { what: 'no line break at the end', text: both.trimEnd() },
    { what: 'a byte order mark at the start', text: `\uFEFF${both}` },
    { what: 'a byte order mark where files were joined', text: `${ROOT}\uFEFF${ISSUING}` },
    { what: 'comments and junk between the blocks', text: `# a\n${ROOT}\n junk: - \n${ISSUING}# end` },
    { what: 'the text form of openssl x509 -text', text: `Certificate:\n    Data:\n${ROOT}\n${ISSUING}` },
    { what: 'the label X509 CERTIFICATE', text: ROOT + relabel(ISSUING, 'X509 CERTIFICATE') },
    { what: 'white space at line ends', text: both.replaceAll('\n', ' \t\n') },
    { what: 'an empty line behind BEGIN', text: both.replaceAll('E-----\nM', 'E-----\n\nM') },
    { what: 'a comment longer than a line of OpenSSL', text: `# ${'é'.repeat(500)}\n${both}` },
  ])('reads both certificates: $what', ({ text }) => {
    expect(subjects(text)).toEqual([ROOT_NAME, ISSUING_NAME]);
    expect(codes(text)).toEqual([]);
  });

  it('gives every certificate in one form, whatever the text', () => {
    const [certificate] = parseBundle(ROOT.replaceAll('\n', '\r\n').trimEnd()).certificates;
    expect(certificate?.pem).toBe(ROOT);
  });

  it('keeps duplicates, each with its place', () => {
    const places = parseBundle(`# first\n${ROOT}${ROOT}`).certificates.map(({ index, line }) => [
      index,
      line,
    ]);
    expect(places).toEqual([
      [1, 2],
      [2, 2 + ROOT.split('\n').length - 1],
    ]);
  });

  it('reads a marker as a certificate', () => {
    expect(subjects(MARKER)).toEqual(['CN=windlass edge generation 7 0123456789ab']);
  });
});

describe('texts that have something wrong', () => {
  it.each([
    { code: 'bundle.empty', what: 'nothing', text: '' },
    { code: 'bundle.empty', what: 'blanks', text: ' \r\n\t' },
    { code: 'bundle.not-pem', what: 'other text', text: 'hello' },
    { code: 'bundle.der', what: 'DER read as text', text: '0\uFFFD\u0001{0\uFFFD' },
    { code: 'bundle.too-large', what: 'more than 5 MiB', text: 'x'.repeat(5 * 1024 * 1024 + 1) },
  ])('reads no certificate of $what', ({ code, text }) => {
    expect(parseBundle(text)).toMatchObject({ certificates: [], findings: [{ code, severity: 'error' }] });
  });

  it.each([
    {
      code: 'block.broken',
      what: 'a missing line break between blocks',
      text: ROOT.trimEnd() + ISSUING + ISSUING,
    },
    { code: 'block.broken', what: 'a block without its END', text: ISSUING + ROOT.slice(0, 200) },
    {
      code: 'block.broken',
      what: 'a character that is no base64',
      text: ISSUING + ROOT.replace(/^MII/m, 'M!I'),
    },
    {
      code: 'block.broken',
      what: 'an empty line within',
      text: ISSUING + ROOT.replace(/^(.{64})$/m, '$1\n'),
    },
    {
      code: 'block.broken',
      what: 'an empty block',
      text: `${ISSUING}-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----`,
    },
    {
      code: 'block.broken',
      what: 'a byte order mark within',
      text: ISSUING + ROOT.replace('E-----\n', 'E-----\n\uFEFF'),
    },
    { code: 'block.not-a-certificate', what: 'other bytes', text: ISSUING + ROOT.replace(/^MII/m, 'AAA') },
    { code: 'block.overlooked', what: 'an indented BEGIN', text: ISSUING + ROOT.replaceAll(/^/gm, ' ') },
    { code: 'block.private-key', what: 'a private key', text: ISSUING + KEY },
    {
      code: 'block.trusted-certificate',
      what: "OpenSSL's own form",
      text: ISSUING + relabel(ROOT, 'TRUSTED CERTIFICATE'),
    },
    { code: 'block.pkcs7', what: 'a PKCS7 container', text: ISSUING + relabel(ROOT, 'PKCS7') },
    { code: 'bundle.not-text', what: 'a NUL byte', text: `\0\n${ISSUING}` },
  ])('is an error, and the good certificate is still read: $what', ({ code, text }) => {
    const { certificates, findings } = parseBundle(text);
    expect(certificates.map(({ subject }) => subject)).toContain(ISSUING_NAME);
    expect(findings).toMatchObject([{ code, severity: 'error' }]);
  });

  it.each([
    { code: 'block.crl', label: 'X509 CRL' },
    { code: 'block.ignored', label: 'SOMETHING ELSE' },
  ])('warns of a block that nginx ignores: $label', ({ code, label }) => {
    const text = ROOT + relabel(ISSUING, label);
    expect(subjects(text)).toEqual([ROOT_NAME]);
    expect(parseBundle(text).findings).toMatchObject([{ code, severity: 'warning' }]);
  });

  it('names the block and its line', () => {
    const [finding] = parseBundle(`# comment\n${ROOT}\n${KEY}`).findings;
    expect(finding?.message).toContain(`block 2 (line ${ROOT.split('\n').length + 2})`);
  });

  it('never quotes a private key, nor a label that could hold one', () => {
    const odd = KEY.replaceAll('PRIVATE KEY', KEY_BODY);
    const said = JSON.stringify([parseBundle(KEY), parseBundle(odd)]);
    expect(said).not.toContain(KEY_BODY);
  });
});
