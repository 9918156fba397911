import { nameOf } from './anchor-findings.js';
import { CERTIFICATE_LABELS } from './block-findings.js';
import type { Bundle } from './bundle.js';
import type { BundleCertificate } from './certificate.js';
import { CRL_LABEL, endOfCrl, type RevocationList, readCrl } from './crl.js';
import { firstElement } from './der.js';
import { comparableName } from './distinguished-name.js';
import { error, type Finding, utc } from './finding.js';
import { anchorsOf } from './generation.js';
import { MAX_PEM_BLOCKS, MAX_PEM_BYTES, type PemBlock, pemBlocks } from './pem-blocks.js';
import { readCertificate } from './read-certificate.js';

/**
 * A CRL that ends sooner than this is about to lock everybody out; one that never lives so long, in its last quarter.
 * One that ends within minutes may be over before it is served.
 */
const SOON_MS = 86_400_000;
const SOON_SHARE = 4;
const LEAST_MS = 600_000;

/**
 * Everything that speaks against putting this text into `ssl_crl` beside this bundle. Once `ssl_crl` is set, nginx
 * wants a current CRL of every CA of a chain: one that is missing or stale refuses all clients of its CA. `now` in
 * milliseconds since the epoch. Never throws.
 */
export function lintCrls(crlPem: string, bundle: Bundle, now: number): Finding[] {
  const size = Buffer.byteLength(crlPem);
  if (size > MAX_PEM_BYTES) return [tooLarge(size)];
  const blocks = pemBlocks(crlPem);
  const beyond = blocks[MAX_PEM_BLOCKS];
  if (beyond !== undefined) return [tooMany(beyond, blocks.length)];
  const trusted = new Set(bundle.certificates.map(({ fingerprint }) => fingerprint));
  const read = blocks.filter((block) => !isCertificateOf(trusted, block)).map(readBlock);
  const lists = read.flatMap((one) => ('issuer' in one ? [one] : []));
  const findings = read.flatMap((one) => ('issuer' in one ? [] : [one]));
  if (lists.length === 0) return [...findings, noCrl()];
  return [...findings, ...uncovered(lists, bundle), ...current(lists, now)];
}

function readBlock(block: PemBlock): RevocationList | Finding {
  const at = `block ${block.index} (line ${block.line}) of the CRL file`;
  if (block.label.endsWith('PRIVATE KEY')) {
    return error(
      'crl.private-key',
      `${at} is a private key`,
      'take it out, and replace it if this file was ever copied',
    );
  }
  if (block.state !== 'read') {
    return error('crl.broken', `${at} ${block.reason}`, 'fetch this CRL again from its CA');
  }
  if (block.label.endsWith('CERTIFICATE')) {
    return error(
      'crl.certificate',
      `${at} is a certificate: before nginx 1.27.2 it is trusted for clients, although it is in no bundle`,
      'take it out; a CA that is to be trusted belongs into ssl_client_certificate',
    );
  }
  const list = block.label === CRL_LABEL ? readCrl(block, block.der) : null;
  return (
    list ??
    error(
      'crl.unreadable',
      `${at} is no CRL that nginx can read`,
      'its label must be X509 CRL: openssl crl -in FILE',
    )
  );
}

/** The bundle and the CRLs may be one file: what is trusted in any case widens nothing. */
function isCertificateOf(trusted: ReadonlySet<string>, block: PemBlock): boolean {
  if (block.state !== 'read' || !CERTIFICATE_LABELS.includes(block.label)) return false;
  try {
    return trusted.has(readCertificate(firstElement(block.der)).fingerprint);
  } catch {
    return false;
  }
}

function uncovered(lists: readonly RevocationList[], bundle: Bundle): Finding[] {
  const issuers = new Set(lists.map(({ issuer }) => comparableName(issuer)));
  return anchorsOf(bundle)
    .filter(({ subject }) => !issuers.has(comparableName(subject)))
    .map((anchor) => missing(anchor));
}

/** For the one CA that nobody has a CRL of. */
export function missing(anchor: BundleCertificate): Finding {
  return error(
    'crl.missing',
    `${nameOf(anchor)} has no CRL in the file of ssl_crl: nginx refuses every client of this CA`,
    'add its current CRL, or take ssl_crl out',
  );
}

/** A stale one beside a fresh one of the same CA does no harm. */
function current(lists: readonly RevocationList[], now: number): Finding[] {
  const issuers = new Set(lists.map(({ issuer }) => comparableName(issuer)));
  return [...issuers].flatMap((name) => {
    const same = lists.filter(({ issuer }) => comparableName(issuer) === name);
    if (same.some((list) => list.thisUpdate <= now && !endsSoon(list, now))) return [];
    const [latest] = same.toSorted((a, b) => endOfCrl(b) - endOfCrl(a));
    return latest === undefined ? [] : [outOfDate(latest, now)];
  });
}

function endsSoon(list: RevocationList, now: number): boolean {
  const end = endOfCrl(list);
  return end - now < Math.min(SOON_MS, Math.max(LEAST_MS, (end - list.thisUpdate) / SOON_SHARE));
}

function outOfDate(list: RevocationList, now: number): Finding {
  const which = `the CRL of ${list.issuer} (block ${list.index}, line ${list.line})`;
  const refused = 'nginx refuses every client of this CA';
  if (list.thisUpdate > now) {
    return error(
      'crl.not-yet-valid',
      `${which} is not valid before ${utc(list.thisUpdate)}: ${refused}`,
      'set the clock right, or wait',
    );
  }
  const end = utc(endOfCrl(list));
  if (endOfCrl(list) <= now) {
    return error(
      'crl.stale',
      `${which} ended at ${end}: ${refused}`,
      'fetch the current CRL of this CA, and see to it that this happens by itself',
    );
  }
  return {
    ...error(
      'crl.ends-soon',
      `${which} ends at ${end}: from then on ${refused}`,
      'fetch the next one before',
    ),
    severity: 'warning',
  };
}

function noCrl(): Finding {
  return error(
    'crl.none',
    'the file of ssl_crl holds no CRL',
    'put the current CRL of every CA into it, or take ssl_crl out',
  );
}

function tooMany({ index, line }: PemBlock, count: number): Finding {
  return error(
    'crl.too-many-blocks',
    `the CRL file holds ${count} PEM blocks; up to ${MAX_PEM_BLOCKS} are read, which ends before block ${index} (line ${line})`,
    'keep the current CRL of each CA only',
  );
}

function tooLarge(size: number): Finding {
  return error(
    'crl.too-large',
    `the CRL file has ${size} bytes; up to ${MAX_PEM_BYTES} are read`,
    'split the CA, or take ssl_crl out',
  );
}
