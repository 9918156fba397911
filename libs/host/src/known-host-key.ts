import { isAbout, type KnownHostLine, KnownHostsFault, type SshPlace } from './known-hosts.js';
import { isPinnable, type PinnableAlgorithm, pinnedHostKey } from './pinned-host-key.js';

/**
 * The one key to pin for a place, as `algorithm base64`. Throws {@link KnownHostsFault} when there is none, when there
 * are several to choose from, and when the key is revoked. Pure.
 */
export function knownHostKey(
  lines: readonly KnownHostLine[],
  place: SshPlace,
  algorithm?: PinnableAlgorithm,
): string {
  const about = lines.filter((line) => isAbout(line, place));
  const plain = about.filter(({ marker }) => marker === null);
  if (plain.length === 0) throw new KnownHostsFault(whyNone(lines, about, place));
  const usable = plain.filter((line) =>
    algorithm === undefined ? isPinnable(line.algorithm) : line.algorithm === algorithm,
  );
  if (usable.length === 0) throw new KnownHostsFault(whyNotPinned(plain, place, algorithm));
  const revoked = about.filter(({ marker }) => marker === '@revoked');
  const good = usable.filter(({ key }) => !revoked.some((one) => one.key === key));
  if (good.length === 0) {
    const where = listed(revoked.filter(({ key }) => usable.some((one) => one.key === key)));
    throw new KnownHostsFault(`the key for ${label(place)} on ${listed(usable)} is revoked on ${where}`);
  }
  return onlyOne(good, place);
}

function onlyOne(good: readonly KnownHostLine[], place: SshPlace): string {
  const types = new Set(good.map((line) => line.algorithm));
  const keys = new Set(good.map(({ key }) => key));
  if (types.size > 1) {
    const choice = [...types].join(', ');
    throw new KnownHostsFault(
      `${listed(good)} hold keys of several types for ${label(place)}: choose with hostKeyAlgorithm (${choice})`,
    );
  }
  if (keys.size > 1) {
    throw new KnownHostsFault(
      `${listed(good)} hold different keys of one type for ${label(place)}: leave in the true one`,
    );
  }
  const [first] = good;
  const pinned = first === undefined ? null : pinnedHostKey(`${first.algorithm} ${first.key}`);
  if (pinned === null) throw new KnownHostsFault(`the key for ${label(place)} on ${listed(good)} is damaged`);
  return pinned;
}

function whyNone(lines: readonly KnownHostLine[], about: readonly KnownHostLine[], place: SshPlace): string {
  const authorities = about.filter(({ marker }) => marker === '@cert-authority');
  if (authorities.length > 0) {
    return `${listed(authorities)} names a certificate authority for ${label(place)}, and Windlass pins a key of the host itself: add a line with it, or give hostKey`;
  }
  const elsewhere = place.port === 22 ? [] : lines.filter((line) => isAbout(line, { ...place, port: 22 }));
  const hint = elsewhere.length > 0 ? `; ${listed(elsewhere)} is for port 22` : '';
  return `no line names ${label(place)}${hint}`;
}

function whyNotPinned(plain: readonly KnownHostLine[], place: SshPlace, algorithm?: string): string {
  const type = algorithm ?? 'Ed25519 or ECDSA';
  return `${listed(plain)} ${plain.length === 1 ? 'holds' : 'hold'} no ${type} key for ${label(place)}`;
}

/** As known_hosts writes it. */
function label({ address, port }: SshPlace): string {
  return port === 22 ? address : `[${address}]:${port}`;
}

function listed(lines: readonly KnownHostLine[]): string {
  const numbers = lines.slice(0, 10).map(({ line }) => line);
  return `line${numbers.length === 1 ? '' : 's'} ${numbers.join(', ')}${lines.length > 10 ? ' and more' : ''}`;
}
