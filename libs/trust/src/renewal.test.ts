import { expect, it } from 'vitest';
import { ISSUING, OTHER, ROOT } from './certificates.fixture.js';
import { parseBundle } from './parse-bundle.js';
import { holdsCa, isSameCa } from './renewal.js';

const [root, issuing, other] = parseBundle(ROOT + ISSUING + OTHER).certificates;
const ca = root ?? expect.fail('a root');

it.each([
  { what: 'a longer life', over: { fingerprint: 'f', notAfter: 1 }, same: true },
  { what: 'its name in other letters', over: { subject: ca.subject.toUpperCase() }, same: true },
  { what: 'another key', over: { keyDigest: 'f' }, same: false },
  { what: 'another key identifier, by which OpenSSL would not find it', over: { ski: 'f' }, same: false },
  { what: 'another name', over: { subject: 'CN=other' }, same: false },
])('a certificate with $what: of the same CA, $same', ({ over, same }) => {
  expect(isSameCa(ca, { ...ca, ...over })).toBe(same);
  expect(holdsCa([issuing ?? ca, { ...ca, ...over }], ca)).toBe(same);
});

it('tells keys apart', () => {
  const digests = [root, issuing, other].map((one) => one?.keyDigest);
  expect(new Set(digests).size).toBe(3);
  expect(digests[0]).toMatch(/^[0-9a-f]{64}$/);
});
