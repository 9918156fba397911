import { beforeAll, describe, expect, it } from 'vitest';
import { makeCa, revocationList, type TestCa } from '#kit';
import { lintCrls, parseBundle } from '#trust';

const NOW = Date.now();
const DAY = 86_400_000;
let root: TestCa;
let other: TestCa;
let fresh: string;

beforeAll(async () => {
  root = await makeCa({ commonName: 'root' });
  other = await makeCa({ commonName: 'other' });
  fresh = await ends(root, 9);
});

/** A CRL that ends so many days from now. */
function ends(ca: TestCa, days: number): Promise<string> {
  return revocationList(ca, { thisUpdate: NOW - 20 * DAY, nextUpdate: NOW + days * DAY });
}

function lint(crlPem: string, ...cas: readonly TestCa[]) {
  return lintCrls(crlPem, parseBundle(cas.map(({ certificatePem }) => certificatePem).join('')), NOW);
}

function codes(crlPem: string, ...cas: readonly TestCa[]): string[] {
  return lint(crlPem, ...cas).map(({ code }) => code);
}

describe('lintCrls', () => {
  it('has nothing to say against a current CRL of every CA', async () => {
    expect(lint(fresh + (await ends(other, 9)), root, other)).toEqual([]);
    expect(lint((await ends(root, -1)) + fresh, root)).toEqual([]);
  });

  it('names the CA that has none', () => {
    const [finding] = lint(fresh, root, other);
    expect(finding).toMatchObject({ code: 'crl.missing', severity: 'error' });
    expect(finding?.message).toContain('CN=other');
  });

  it('knows a stale one, one of tomorrow, and one that ends soon', async () => {
    expect(codes(await ends(root, -1), root)).toEqual(['crl.stale']);
    const early = await revocationList(root, { thisUpdate: NOW + DAY, nextUpdate: NOW + 9 * DAY });
    expect(codes(early, root)).toEqual(['crl.not-yet-valid']);
    expect(lint(await ends(root, 0.5), root)).toMatchObject([{ code: 'crl.ends-soon', severity: 'warning' }]);
  });

  it('finds what does not belong there', () => {
    expect(codes(fresh + other.certificatePem, root)).toEqual(['crl.certificate']);
    expect(codes(fresh + other.privateKeyPem, root)).toEqual(['crl.private-key']);
    expect(codes(fresh + fresh.replaceAll('X509 CRL', 'CRL'), root)).toEqual(['crl.unreadable']);
    expect(codes(fresh + fresh.replace(/^M../m, 'AAA'), root)).toEqual(['crl.unreadable']);
    expect(codes(fresh + fresh.slice(0, 100), root)).toEqual(['crl.broken']);
  });

  it('wants one at least, and not too much', () => {
    expect(codes('', root)).toEqual(['crl.none']);
    expect(codes('nothing', root)).toEqual(['crl.none']);
    expect(codes('x'.repeat(6 * 1024 * 1024), root)).toEqual(['crl.too-large']);
  });

  it('never quotes a key', () => {
    expect(JSON.stringify(lint(fresh + root.privateKeyPem, root))).not.toContain('MIG');
  });
});
