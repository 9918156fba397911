import { durationSeconds } from './durations.js';
import {
  describeIssuer,
  parseLeafNotAfterBehavior,
  parseUsage,
  type SandboxIssuer,
  summarizeIssuer,
} from './sandbox-issuer.js';
import type { SandboxMount } from './sandbox-mount.js';
import { SandboxRefusal, type SandboxReply, withData } from './sandbox-reply.js';
import type { SandboxRequest } from './sandbox-request.js';

type Fields = SandboxRequest['fields'];

export function readDefaultIssuer(mount: SandboxMount): SandboxReply {
  return withData({ default: mount.defaultIssuerId, default_follows_latest_issuer: mount.followsLatest });
}

/** A `default_follows_latest_issuer` left out keeps its value, as in Vault. */
export function writeDefaultIssuer(mount: SandboxMount, fields: Fields): SandboxReply {
  const reference = String(fields.default ?? '');
  if (reference === '' || reference === 'default') {
    throw new SandboxRefusal(400, [
      "Invalid issuer specification; must be non-empty and can't be 'default'.",
    ]);
  }
  const issuer = mount.findIssuer(reference);
  if (issuer === null) {
    throw new SandboxRefusal(400, [
      `Error resolving issuer reference: unable to find PKI issuer for reference: ${reference}`,
    ]);
  }
  mount.defaultIssuerId = issuer.id;
  mount.followsLatest = Boolean(fields.default_follows_latest_issuer ?? mount.followsLatest);
  return readDefaultIssuer(mount);
}

export function listIssuers(mount: SandboxMount): SandboxReply {
  if (mount.issuers.size === 0) throw new SandboxRefusal(404, []);
  const summaries = [...mount.issuers.values()].map(
    (issuer) => [issuer.id, summarizeIssuer(issuer, issuer.id === mount.defaultIssuerId)] as const,
  );
  return withData({ keys: [...mount.issuers.keys()], key_info: Object.fromEntries(summaries) });
}

export async function createRoot(
  mount: SandboxMount,
  fields: Fields,
  unnamed: string,
): Promise<SandboxReply> {
  const issuer = await mount.createIssuer({
    name: String(fields.issuer_name ?? unnamed),
    keyName: String(fields.key_name ?? ''),
    commonName: String(fields.common_name ?? ''),
    ttlSeconds: durationSeconds(fields.ttl),
  });
  const certificate = issuer.authority.certificate;
  return withData({
    certificate: certificate.toString('pem'),
    expiration: Math.floor(certificate.notAfter.getTime() / 1000),
    issuer_id: issuer.id,
    issuer_name: issuer.name,
    issuing_ca: certificate.toString('pem'),
    key_id: issuer.keyId,
    key_name: String(fields.key_name ?? ''),
  });
}

/** Throws Vault's 415 without the merge-patch content type (RFC 7396). */
export function requireMergePatch({ contentType }: SandboxRequest): void {
  if (contentType.startsWith('application/merge-patch+json')) return;
  throw new SandboxRefusal(415, [
    `PATCH requires Content-Type of application/merge-patch+json, provided ${contentType}`,
  ]);
}

/** PATCH: the fields given. */
export function patchIssuer(
  issuer: SandboxIssuer,
  mount: SandboxMount,
  request: SandboxRequest,
): SandboxReply {
  requireMergePatch(request);
  return changeIssuer(issuer, mount, request.fields);
}

/** POST: as PATCH, but a name that is not given is cleared, as in Vault. */
export function replaceIssuer(
  issuer: SandboxIssuer,
  mount: SandboxMount,
  request: SandboxRequest,
): SandboxReply {
  return changeIssuer(issuer, mount, { issuer_name: '', ...request.fields });
}

export function describe(mount: SandboxMount, issuer: SandboxIssuer): SandboxReply {
  return withData(describeIssuer(issuer, mount.chainOf(issuer)));
}

function changeIssuer(issuer: SandboxIssuer, mount: SandboxMount, fields: Fields): SandboxReply {
  const name = fields.issuer_name === undefined ? issuer.name : String(fields.issuer_name);
  if (name !== issuer.name) mount.requireFreeIssuerName(name);
  const usage = fields.usage === undefined ? issuer.usage : parseUsage(fields.usage);
  const behavior = parseLeafNotAfterBehavior(fields.leaf_not_after_behavior ?? issuer.leafNotAfterBehavior);
  issuer.name = name;
  issuer.usage = usage;
  issuer.leafNotAfterBehavior = behavior;
  return describe(mount, issuer);
}
