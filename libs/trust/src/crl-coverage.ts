import type { BundleCertificate } from './certificate.js';
import { endOfCrl, isSignedBy, type RevocationList, revokedBy } from './crl.js';
import type { Finding } from './finding.js';
import { lintCrls, missing } from './lint-crls.js';
import { isSameCa } from './renewal.js';

/** A trust anchor and the CRL that stands beside it in a generation; null: nobody has one. */
export interface CoveredAnchor {
  readonly anchor: BundleCertificate;
  readonly list: RevocationList | null;
}

/**
 * The best CRL of each anchor among those that people and CAs gave: signed by its very key, the newest of those that
 * are valid now, else the one that was valid last. `now` in milliseconds since the epoch.
 */
export function coverAnchors(
  anchors: readonly BundleCertificate[],
  lists: readonly RevocationList[],
  now: number,
): readonly CoveredAnchor[] {
  return anchors.map((anchor) => {
    const [best = null] = lists
      .filter((list) => !list.isDelta && isSignedBy(list, anchor))
      .toSorted((one, other) => byWorth(one, other, now));
    return { anchor, list: best };
  });
}

function byWorth(one: RevocationList, other: RevocationList, now: number): number {
  const current = Number(isCurrent(other, now)) - Number(isCurrent(one, now));
  return current || other.thisUpdate - one.thisUpdate || endOfCrl(other) - endOfCrl(one);
}

function isCurrent(list: RevocationList, now: number): boolean {
  return list.thisUpdate <= now && now < endOfCrl(list);
}

/** Why clients of these anchors would be refused by their CRLs, now or within a day: each finding names its CA. */
export function coverageFindings(covered: readonly CoveredAnchor[], now: number): readonly Finding[] {
  return covered.flatMap(({ anchor, list }) =>
    list === null ? [missing(anchor)] : lintCrls(list.pem, { certificates: [anchor], findings: [] }, now),
  );
}

/** The texts to put into a generation, each once. */
export function crlTexts(covered: readonly CoveredAnchor[]): readonly string[] {
  return [...new Set(covered.flatMap(({ list }) => (list === null ? [] : [list.pem])))];
}

/**
 * What hosts would gain by the CRLs of `after` in place of those of `before`, which stand beside the same anchors:
 * another client is revoked, or is no longer; or a list of which less than half its life is left is renewed. Null:
 * nothing, and a reload would be for nothing.
 */
export function gainOf(
  before: readonly CoveredAnchor[],
  after: readonly CoveredAnchor[],
  now: number,
): 'changed' | 'renewed' | null {
  const pairs = after.map(({ anchor, list: fresh }) => ({ fresh, served: listBeside(anchor, before) }));
  if (pairs.some(({ fresh, served }) => substanceOf(fresh) !== substanceOf(served))) return 'changed';
  const renews = pairs.some(
    ({ fresh, served }) => fresh && served && isPastHalf(served, now) && endOfCrl(fresh) > endOfCrl(served),
  );
  return renews ? 'renewed' : null;
}

/** A CA that was renewed with its key goes on with the CRL that it has. */
function listBeside(ca: BundleCertificate, covered: readonly CoveredAnchor[]): RevocationList | null {
  return covered.find(({ anchor }) => isSameCa(anchor, ca))?.list ?? null;
}

function substanceOf(list: RevocationList | null): string {
  return list === null ? 'none' : revokedBy(list).join();
}

/** Less than half of its life is left. */
export function isPastHalf(list: RevocationList, now: number): boolean {
  const end = endOfCrl(list);
  return end - now < (end - list.thisUpdate) / 2;
}

/** The CRL that ends first: when it does, all clients of its CA are refused. Null where none has an end. */
export function firstToEnd(covered: readonly CoveredAnchor[]): RevocationList | null {
  const ending = covered.flatMap(({ list }) => (list === null || list.nextUpdate === null ? [] : [list]));
  return ending.toSorted((one, other) => endOfCrl(one) - endOfCrl(other))[0] ?? null;
}

/** Such as `CRLs: CN=a +1 revoked; CN=b until 2030-01-01T00:00:00.000Z`; empty where nothing changes. */
export function crlDiff(before: readonly CoveredAnchor[], after: readonly CoveredAnchor[]): string {
  const changes = after.flatMap(({ anchor, list }) => {
    const served = listBeside(anchor, before);
    if (list === null || list.fingerprint === served?.fingerprint) return [];
    return [changeInWords(anchor, served, list)];
  });
  return changes.length === 0 ? '' : `CRLs: ${changes.join('; ')}`;
}

function changeInWords(
  { subject }: BundleCertificate,
  before: RevocationList | null,
  after: RevocationList,
): string {
  const was = new Set(before === null ? [] : revokedBy(before));
  const is = new Set(revokedBy(after));
  const more = [...is].filter((serial) => !was.has(serial)).length;
  const fewer = [...was].filter((serial) => !is.has(serial)).length;
  const until = after.nextUpdate === null ? 'for ever' : `until ${new Date(after.nextUpdate).toISOString()}`;
  const counts = more + fewer === 0 ? '' : ` +${more} -${fewer} revoked`;
  return `${subject}${counts} ${until}`;
}
