import { X509Certificate } from 'node:crypto';
import pLimit from 'p-limit';
import { type OutstandingLeaves, PortError } from '#engine';
import type { MountedPki } from './mounted-pki.js';
import type { RoleReply } from './vault-replies.js';

/** Each is a request: some thousand take seconds, and more say that this is not the way to find out. */
const MOST_CERTIFICATES = 5_000;
const PARALLELISM = 8;

type Leaf = OutstandingLeaves['leaves'][number];

/** Reads the list of certificates that the mount keeps, and whether it can be relied on. `now` in milliseconds. */
export async function outstandingOf(
  pki: MountedPki,
  issuerId: string,
  now: number,
): Promise<OutstandingLeaves> {
  const issuer = new X509Certificate((await pki.issuer(issuerId)).certificate);
  const limit = pLimit(PARALLELISM);
  const roles = await limit.map(await pki.roleNames(), async (name) => ({
    name,
    ...(await pki.role(name)),
  }));
  const longestTtlSeconds = longest(roles, await orDenied(pki.longestTtlSeconds()));
  const serials = await orDenied(pki.serials());
  if (serials === null) {
    return {
      leaves: [],
      longestTtlSeconds,
      unknown: 'the policy of Windlass does not grant list on "certs"',
    };
  }
  if (serials.length > MOST_CERTIFICATES) {
    const unknown = `the mount keeps ${serials.length} certificates, of which no more than ${MOST_CERTIFICATES} are read; tidy it`;
    return { leaves: [], longestTtlSeconds, unknown };
  }
  const leaves = await limit.map(serials, (serial) => leafOf(pki, serial, issuer, now));
  return { leaves: leaves.flat(), longestTtlSeconds, unknown: unlisted(roles) };
}

/** Null where a policy forbids it: not to know is an answer here. */
async function orDenied<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof PortError && error.problem.code === 'ca.denied') return null;
    throw error;
  }
}

async function leafOf(
  pki: MountedPki,
  serial: string,
  issuer: X509Certificate,
  now: number,
): Promise<Leaf[]> {
  const { pem, revoked } = await pki.certificate(serial);
  const certificate = new X509Certificate(pem);
  const notAfter = Date.parse(certificate.validTo);
  if (revoked || notAfter <= now || certificate.fingerprint256 === issuer.fingerprint256) return [];
  // By the signature: two issuers may have one name.
  if (!certificate.checkIssued(issuer) || !certificate.verify(issuer.publicKey)) return [];
  return [
    { subject: rfc2253(certificate.subject), serial: certificate.serialNumber.toLowerCase(), notAfter },
  ];
}

/** Node prints one relative name a line, the most general first. */
function rfc2253(subject: string): string {
  return subject.split('\n').reverse().join(',');
}

/** A role with an end of its own tells nothing of a lifetime, and the mount's limit holds for all others. */
function longest(roles: readonly RoleReply[], mountSeconds: number | null): number | null {
  if (mountSeconds === null || roles.some(({ not_after }) => not_after !== '')) return null;
  const ofRoles = roles.map(({ max_ttl }) =>
    max_ttl === 0 ? mountSeconds : Math.min(max_ttl, mountSeconds),
  );
  return roles.length === 0 ? mountSeconds : Math.max(...ofRoles);
}

function unlisted(roles: readonly (RoleReply & { readonly name: string })[]): string | null {
  const names = roles.filter(({ no_store }) => no_store).map(({ name }) => name);
  return names.length === 0 ? null : `Vault keeps no list of what role ${names.join(', ')} issues (no_store)`;
}
