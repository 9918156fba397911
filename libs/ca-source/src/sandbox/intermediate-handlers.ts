import { BasicConstraintsExtension, X509Certificate } from '@peculiar/x509';
import { printedSerial, requestSignature, signAuthority } from './certificates.js';
import { durationSeconds } from './durations.js';
import { pemOf, requireIssuing, type SandboxIssuer } from './sandbox-issuer.js';
import type { SandboxKey, SandboxMount } from './sandbox-mount.js';
import { asErrorList, SandboxRefusal, type SandboxReply, withData } from './sandbox-reply.js';
import type { SandboxRequest } from './sandbox-request.js';

type Fields = SandboxRequest['fields'];

/** `issuers/generate/intermediate/internal`: a key that stays here, and a request for it. */
export async function newSigningRequest(mount: SandboxMount, fields: Fields): Promise<SandboxReply> {
  return requestFor(await mount.createKey(String(fields.key_name ?? '')), fields);
}

/** `issuers/generate/intermediate/existing`: the same for a key that is here. */
export async function anotherSigningRequest(mount: SandboxMount, fields: Fields): Promise<SandboxReply> {
  const reference = String(fields.key_ref ?? 'default');
  const key = mount.findKey(reference);
  if (key !== null) return requestFor(key, fields);
  throw new SandboxRefusal(400, [
    `failed to lookup public key from existing key: unable to find PKI key for reference: ${reference}`,
  ]);
}

/** `key/<ref>`. Throws Vault's 500 for one that is not there. */
export function describeKey(mount: SandboxMount, reference: string): SandboxReply {
  const key = mount.findKey(reference);
  if (key !== null) return withData({ key_id: key.id, key_name: key.name, key_type: 'ec' });
  throw new SandboxRefusal(500, [asErrorList(`unable to find PKI key for reference: ${reference}`)]);
}

async function requestFor({ id, keys }: SandboxKey, fields: Fields): Promise<SandboxReply> {
  const csr = await requestSignature(keys, String(fields.common_name ?? ''));
  return withData({ csr, key_id: id });
}

/** `issuer/<ref>/sign-intermediate`. A lifetime beyond the signer's is cut, as Vault does. */
export async function signIntermediate(
  mount: SandboxMount,
  reference: string,
  fields: Fields,
): Promise<SandboxReply> {
  const signer = mount.issuer(reference, 'error fetching CA certificate: ');
  requireIssuing(signer);
  requireRoomBelow(signer);
  const pathLength = fields.max_path_length === undefined ? undefined : Number(fields.max_path_length);
  const left = Math.floor((signer.authority.certificate.notAfter.getTime() - Date.now()) / 1000);
  const lifetime = Math.min(durationSeconds(fields.ttl) || mount.maxTtlSeconds, mount.maxTtlSeconds, left);
  const certificate = await signAuthority(
    signer.authority,
    String(fields.csr ?? ''),
    lifetime,
    pathLength,
  ).catch(() => {
    throw new SandboxRefusal(400, ['csr contains no data']);
  });
  mount.keep(certificate);
  const chain = mount.chainOf(signer).map(pemOf);
  return withData({
    ca_chain: chain,
    certificate: certificate.toString('pem'),
    expiration: Math.floor(certificate.notAfter.getTime() / 1000),
    issuing_ca: chain[0],
    serial_number: printedSerial(certificate),
  });
}

function requireRoomBelow({ authority }: SandboxIssuer): void {
  if (authority.certificate.getExtension(BasicConstraintsExtension)?.pathLength !== 0) return;
  throw new SandboxRefusal(400, [
    'signing certificate has a max path length of zero, and cannot issue further CA certificates',
  ]);
}

/** `intermediate/set-signed`. The same certificate again is the same issuer. */
export async function setSigned(mount: SandboxMount, fields: Fields): Promise<SandboxReply> {
  const before = mount.issuers.size;
  const issuer = await mount.importIssuer(new X509Certificate(String(fields.certificate ?? '')));
  const isNew = mount.issuers.size > before;
  return withData({
    mapping: { [issuer.id]: issuer.keyId },
    imported_issuers: isNew ? [issuer.id] : null,
    existing_issuers: isNew ? null : [issuer.id],
    imported_keys: null,
    existing_keys: null,
  });
}
