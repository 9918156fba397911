import { describe, expect, it } from 'vitest';
import type { BundleCertificate } from './certificate.js';
import { ISSUING, LEAF, MARKER, OTHER, ROOT, VERSION_ONE, WEAK } from './certificates.fixture.js';
import { lintBundle } from './lint-bundle.js';
import { parseBundle } from './parse-bundle.js';

const NOW = Date.UTC(2027, 0, 1);

function lint(text: string, now = NOW) {
  return lintBundle(parseBundle(text), now);
}

function codes(text: string, now = NOW): string[] {
  return lint(text, now).map(({ code }) => code);
}

/** The root with other facts, as certificates that no CA would issue. */
function root(facts: Partial<BundleCertificate>, fingerprint = 'f'): BundleCertificate {
  const [certificate] = parseBundle(ROOT).certificates;
  if (certificate === undefined) throw new Error('the root can be read');
  return { ...certificate, fingerprint, ...facts };
}

function codesOf(...certificates: readonly BundleCertificate[]): string[] {
  return lintBundle({ certificates, findings: [] }, NOW).map(({ code }) => code);
}

describe('bundles with nothing to say against', () => {
  it.each([
    { what: 'a root', text: ROOT },
    { what: 'a root and its intermediate, in any order', text: ISSUING + ROOT },
    { what: 'a root and a marker', text: ROOT + MARKER },
    { what: 'a root without key identifiers', text: OTHER },
    { what: 'a version 1 root', text: VERSION_ONE },
  ])('$what', ({ text }) => {
    expect(lint(text)).toEqual([]);
  });
});

describe('single anchors', () => {
  it.each([
    { code: 'anchor.leaf', what: 'a client certificate', certificate: parseBundle(LEAF).certificates[0] },
    {
      code: 'anchor.leaf',
      what: 'a CA without basicConstraints',
      certificate: root({ isCa: false, basicConstraints: null }),
    },
    { code: 'anchor.expired', what: 'an expired CA', certificate: root({ notAfter: NOW - 1 }) },
    { code: 'anchor.not-yet-valid', what: 'a CA of tomorrow', certificate: root({ notBefore: NOW + 1 }) },
    { code: 'anchor.no-key-cert-sign', what: 'no keyCertSign', certificate: root({ keyCertSign: false }) },
    {
      code: 'anchor.no-client-auth',
      what: 'a CA for servers only',
      certificate: root({ extendedKeyUsages: ['1.3.6.1.5.5.7.3.1'] }),
    },
    { code: 'anchor.weak-key', what: 'RSA-1024', certificate: root({ key: { type: 'RSA', bits: 1024 } }) },
    {
      code: 'anchor.weak-key',
      what: 'a curve of 192 bits',
      certificate: root({ key: { type: 'EC', bits: 192 } }),
    },
  ])('$what: $code', ({ code, certificate }) => {
    if (certificate === undefined) throw new Error('the certificate can be read');
    expect(codesOf(certificate)).toEqual([code]);
  });

  it.each([
    { what: 'its last millisecond', certificate: root({ notAfter: NOW }) },
    { what: 'its first millisecond', certificate: root({ notBefore: NOW }) },
    { what: 'Ed25519', certificate: root({ key: { type: 'Ed25519', bits: null } }) },
    { what: 'RSA-2048', certificate: root({ key: { type: 'RSA', bits: 2048 } }) },
    {
      what: 'a CA for clients among others',
      certificate: root({ extendedKeyUsages: ['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2'] }),
    },
    { what: 'a SHA-1 signature on itself', certificate: root({ signatureAlgorithm: 'RSA-SHA1' }) },
  ])('$what is fine', ({ certificate }) => {
    expect(codesOf(certificate)).toEqual([]);
  });

  it('finds all that is wrong with one CA', () => {
    expect(codes(OTHER + WEAK)).toEqual([
      'anchor.no-key-cert-sign',
      'anchor.no-client-auth',
      'anchor.weak-key',
      'anchor.weak-signature',
    ]);
  });

  it('judges by the given time, and calls every such thing an error', () => {
    const [finding] = lint(ISSUING + ROOT, Date.UTC(2041, 0, 1));
    expect(finding).toMatchObject({ code: 'anchor.expired', severity: 'error' });
    expect(finding?.message).toContain('certificate 1 (line 1, CN=Example Issuing)');
    expect(finding?.message).toContain('2040-06-01T12:30:00.000Z');
  });
});

describe('anchors together', () => {
  it('warns of a duplicate once, and of nothing else twice', () => {
    expect(lint(ROOT + ROOT)).toMatchObject([{ code: 'anchor.duplicate', severity: 'warning' }]);
    expect(codes(ROOT + LEAF + LEAF)).toEqual(['anchor.duplicate', 'anchor.leaf']);
  });

  it('finds an intermediate without its root and names what is missing', () => {
    const findings = lint(ISSUING + OTHER);
    expect(findings).toMatchObject([{ code: 'anchor.no-root', severity: 'error' }]);
    expect(findings[0]?.message).toContain('no CN=Example Root,O=Acme GmbH,C=DE');
  });

  it('wants the root that signed, not one of its name with another key', () => {
    const [issuing] = parseBundle(ISSUING).certificates;
    if (issuing === undefined) throw new Error('the certificate can be read');
    expect(codesOf(issuing, root({ ski: 'other' }))).toEqual(['anchor.no-root']);
    expect(codesOf(issuing, root({ ski: null }))).toEqual([]);
  });

  it('compares names without regard to case and runs of spaces', () => {
    const [issuing] = parseBundle(ISSUING).certificates;
    if (issuing === undefined) throw new Error('the certificate can be read');
    const name = 'CN=EXAMPLE   ROOT,O=Acme GmbH,C=DE';
    expect(codesOf(issuing, root({ subject: name, issuer: name }))).toEqual([]);
  });

  it('ends where CAs signed each other', () => {
    const loop = { selfSigned: false, ski: null, aki: null };
    const one = root({ subject: 'CN=a', issuer: 'CN=b', ...loop }, '1');
    const two = root({ subject: 'CN=b', issuer: 'CN=a', ...loop }, '2');
    expect(codesOf(one, two)).toEqual(['anchor.no-root', 'anchor.no-root']);
  });

  it('finds two CAs of one name that key identifiers do not tell apart', () => {
    expect(codesOf(root({ ski: null }, '1'), root({ ski: null }, '2'))).toEqual(['anchor.ambiguous-name']);
    expect(codesOf(root({ ski: 'a' }, '1'), root({ ski: null }, '2'))).toEqual(['anchor.ambiguous-name']);
    expect(codesOf(root({ ski: 'a' }, '1'), root({ ski: 'b' }, '2'))).toEqual([]);
  });
});

describe('bundles that let nobody in', () => {
  it('says so of a marker alone', () => {
    expect(codes(MARKER)).toEqual(['bundle.no-anchor']);
  });

  it('says so of a CRL alone', () => {
    expect(codes(ROOT.replaceAll('CERTIFICATE', 'X509 CRL'))).toEqual(['block.crl', 'bundle.no-anchor']);
  });

  it('gives the more exact error alone', () => {
    expect(codes('')).toEqual(['bundle.empty']);
    expect(codes(LEAF)).toEqual(['anchor.leaf']);
  });
});
