import { describe, expect, it, vi } from 'vitest';
import { Random } from '#simulation';
import { lintBundle, lintCrls, parseBundle } from '#trust';
import {
  ISSUING,
  LEAF,
  MARKER,
  OTHER,
  ROOT,
  VERSION_ONE,
  WEAK,
} from '../../libs/trust/src/certificates.fixture.js';

vi.setConfig({ testTimeout: 60_000 });

const NOW = Date.UTC(2027, 0, 1);
const GOOD = [ROOT, ISSUING, LEAF, OTHER, VERSION_ONE, WEAK, MARKER];
const PIECES = [
  '-----',
  'BEGIN',
  '\0',
  '\uFEFF',
  '\r',
  '\n\n',
  '=',
  'é',
  ' '.repeat(300),
  '-----END CERTIFICATE-----\n',
];
const ROUNDS = 600;

/** A bundle with up to four things broken at places that the seed decides. */
function broken(random: Random): string {
  let text = Array.from({ length: random.between(1, 3) }, () => random.pick(GOOD)).join('');
  for (let i = random.between(1, 4); i > 0; i -= 1) {
    const at = random.between(0, text.length);
    const end = at + random.pick([0, 0, 1, 3, 40, 400]);
    const put = random.pick([
      ...PIECES,
      '',
      String.fromCharCode(random.between(0, 255)),
      text.slice(at, at + 80),
    ]);
    text = text.slice(0, at) + put + text.slice(end);
  }
  return text;
}

/** Bytes of a certificate are changed, the PEM around them is fine. */
function brokenDer(random: Random): string {
  const der = Buffer.from(random.pick(GOOD).replaceAll(/-.*-|\s/g, ''), 'base64');
  for (let i = random.between(1, 5); i > 0; i -= 1)
    der[random.between(0, der.length - 1)] = random.between(0, 255);
  const body = der.toString('base64').replaceAll(/.{64}/g, '$&\n');
  return `-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----\n`;
}

describe.each([
  ['broken PEM', broken],
  ['broken DER', brokenDer],
])('%s', (_name, make) => {
  it(`is read or complained about, ${ROUNDS} times, and never quoted`, () => {
    for (let seed = 0; seed < ROUNDS; seed += 1) {
      const text = make(new Random(seed));
      const bundle = parseBundle(text);
      const findings = [...lintBundle(bundle, NOW), ...lintCrls(text, bundle, NOW)];
      const silent =
        bundle.certificates.length === 0 && findings.every(({ severity }) => severity !== 'error');
      expect([seed, silent]).toEqual([seed, false]);
      for (const { message, nextStep } of findings) {
        expect([seed, message.length < 2_000 && nextStep.length > 0]).toEqual([seed, true]);
        expect(message).not.toMatch(/[A-Za-z0-9+/]{64}/);
      }
    }
  });
});

describe('much of it', () => {
  it('of ten thousand certificates a thousand are read, and the place of the next one is named', () => {
    const bundle = parseBundle(VERSION_ONE.repeat(10_000).slice(0, 5 * 1024 * 1024));
    expect(bundle.certificates).toHaveLength(1000);
    const lines = VERSION_ONE.split('\n').length - 1;
    expect(bundle.findings.at(-1)).toMatchObject({ code: 'bundle.too-many-blocks', severity: 'error' });
    expect(bundle.findings.at(-1)?.message).toContain(`block 1001 (line ${1000 * lines + 1})`);
  });

  it.each([
    ['BEGIN lines', '-----BEGIN CERTIFICATE-----\n'.repeat(180_000)],
    ['empty lines', '\n'.repeat(5_000_000)],
    ['one line', 'x'.repeat(5_000_000)],
  ])('of five megabytes of %s little is said', (_name, text) => {
    const bundle = parseBundle(text);
    expect(bundle.certificates).toEqual([]);
    expect(bundle.findings.length).toBeGreaterThan(0);
    expect(bundle.findings.length).toBeLessThanOrEqual(1001);
    expect(lintCrls(text, bundle, NOW)).toHaveLength(1);
  });

  it('more than five megabytes are not read', () => {
    const [finding] = parseBundle(ROOT.repeat(8_000)).findings;
    expect(finding?.code).toBe('bundle.too-large');
  });
});
