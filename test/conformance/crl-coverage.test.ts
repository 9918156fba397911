import { execFileSync } from 'node:child_process';
import { beforeAll, describe, expect, it } from 'vitest';
import { makeCa, revocationList, type TestCa, type TestCertificate } from '#kit';
import {
  anchorsOf,
  composeGeneration,
  coverAnchors,
  coverageFindings,
  crlDiff,
  crlsIn,
  crlTexts,
  firstToEnd,
  gainOf,
  lintCrls,
  parseBundle,
} from '#trust';

const NOW = Date.now();
const DAY = 86_400_000;
let root: TestCa;
let other: TestCa;
/** Another key under the name of `root`. */
let namesake: TestCa;
let client: TestCertificate;

beforeAll(async () => {
  root = await makeCa({ commonName: 'root' });
  other = await makeCa({ commonName: 'other' });
  namesake = await makeCa({ commonName: 'root' });
  client = await root.issueClient({ commonName: 'client' });
});

const anchorsFrom = (...cas: readonly TestCa[]) =>
  anchorsOf(parseBundle(cas.map(({ certificatePem }) => certificatePem).join('')));
const listOf = (ca: TestCa, from: number, to: number, revoked: readonly TestCertificate[] = []) =>
  revocationList(ca, { thisUpdate: NOW + from * DAY, nextUpdate: NOW + to * DAY, revoked });
const cover = (cas: readonly TestCa[], ...pems: readonly string[]) =>
  coverAnchors(anchorsFrom(...cas), pems.flatMap(crlsIn), NOW);
const codes = (covered: ReturnType<typeof cover>) => coverageFindings(covered, NOW).map(({ code }) => code);

describe('the CRLs of a generation', () => {
  it('takes the newest that is valid, of the very key', async () => {
    const [older, newer] = [await listOf(root, -5, 5), await listOf(root, -1, 3)];
    const covered = cover([root], older, newer, await listOf(root, 1, 9), await listOf(root, -9, -1));
    expect(crlTexts(covered)).toEqual([newer]);
    expect(codes(covered)).toEqual([]);
    expect(codes(cover([root], await listOf(namesake, -1, 5)))).toEqual(['crl.missing']);
    const both = cover([root, namesake], older, await listOf(namesake, -1, 5));
    expect(codes(both)).toEqual([]);
    expect(crlTexts(both)).toHaveLength(2);
  });

  it('names the CA whose clients would be refused', async () => {
    const fresh = await listOf(root, -1, 5);
    const [missing] = coverageFindings(cover([root, other], fresh), NOW);
    expect(missing).toMatchObject({ code: 'crl.missing', severity: 'error' });
    expect(missing?.message).toContain('CN=other');
    expect(codes(cover([root], await listOf(root, -3, -1)))).toEqual(['crl.stale']);
    expect(codes(cover([root], await listOf(root, 1, 3)))).toEqual(['crl.not-yet-valid']);
    expect(codes(cover([root], await listOf(root, -9, 0.5)))).toEqual(['crl.ends-soon']);
    // One that never lives longer is renewed all day.
    expect(codes(cover([root], await listOf(root, -0.1, 0.5)))).toEqual([]);
  });

  it('knows what hosts would gain, and says so', async () => {
    const before = cover([root], await listOf(root, -1, 5));
    const later = cover([root], await listOf(root, 0, 6));
    const revoking = cover([root], await listOf(root, 0, 6, [client]));
    expect(gainOf(before, before, NOW)).toBeNull();
    expect(gainOf(before, later, NOW)).toBeNull();
    expect(gainOf(before, later, NOW + 3 * DAY)).toBe('renewed');
    expect(gainOf(before, revoking, NOW)).toBe('changed');
    expect(gainOf(revoking, later, NOW)).toBe('changed');
    expect(gainOf(cover([root]), before, NOW)).toBe('changed');
    expect(crlDiff(before, before)).toBe('');
    expect(crlDiff(before, later)).toMatch(/^CRLs: CN=root until 20/);
    expect(crlDiff(before, revoking)).toMatch(/^CRLs: CN=root \+1 -0 revoked until 20/);
    expect(firstToEnd([...before, ...later])).toBe(before[0]?.list);
  });

  it('are the same behind a CA that was renewed with its key', async () => {
    const lists = crlsIn(await listOf(root, -1, 5, [client]));
    const before = coverAnchors(anchorsFrom(root), lists, NOW);
    const renewed = anchorsFrom(root).map((one) => ({ ...one, fingerprint: 'another', notAfter: NOW + DAY }));
    const after = coverAnchors(renewed, lists, NOW);
    expect(after).toMatchObject([{ anchor: { fingerprint: 'another' }, list: { issuer: 'CN=root' } }]);
    expect([crlDiff(before, after), gainOf(before, after, NOW)]).toEqual(['', null]);
    const other = renewed.map((one) => ({ ...one, keyDigest: 'another' }));
    expect(gainOf(before, coverAnchors(other, lists, NOW), NOW)).toBe('changed');
  });

  it('stand in one file with the anchors, which is as good as two', async () => {
    const covered = cover([root, other], await listOf(root, -1, 5, [client]), await listOf(other, -1, 5));
    const { content } = composeGeneration({
      anchorsPem: [root, other].map(({ certificatePem }) => certificatePem),
      ...{ crlsPem: crlTexts(covered), markerPem: null },
    });
    expect(lintCrls(content, parseBundle(content), NOW)).toEqual([]);
    expect(lintCrls(content, parseBundle(root.certificatePem), NOW)).toMatchObject([
      { code: 'crl.certificate' },
    ]);
    const input = crlTexts(covered)[0] ?? '';
    const text = execFileSync('openssl', ['crl', '-noout', '-text'], { input, encoding: 'utf8' });
    const [serial] = /Serial Number: ([0-9A-F]+)/.exec(text)?.slice(1) ?? [];
    expect(serial?.toLowerCase()).toContain(parseBundle(client.certificatePem).certificates[0]?.serial);
  });
});
