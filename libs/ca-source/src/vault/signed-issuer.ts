import { X509Certificate } from 'node:crypto';
import { type NewIssuer, type ParentIssuer, PortError } from '#engine';
import { parseBundle } from '#trust';
import { cutShortTo } from '../issued-certificates.js';
import { isNameTaken, type MountedPki } from './mounted-pki.js';
import { lifetimeCutByParent, parentMaySignNoCa } from './refusals.js';
import { VaultConnection } from './vault-connection.js';
import { importedReply, publicIssuerReply, signedReply, signingRequestReply } from './vault-replies.js';

/** What Vault gives an issuer by itself, without the right to issue. */
const NOT_ISSUING = 'read-only,crl-signing,ocsp-signing';

/**
 * Creates an intermediate whose key never leaves the mount, has the parent sign it, and returns the issuer's id. The
 * key has the name of the issuer: by it a repetition finds what a lost reply left behind, and an issuer that was
 * imported and not named yet by its key. A signature whose reply was lost is one more certificate in the parent's
 * list, for the same key, and nothing else. Throws PortError `ca.lifetime-cut`, `ca.parent-refused`.
 */
export async function createSigned(pki: MountedPki, parent: ParentIssuer, request: NewIssuer & Below) {
  const { name } = request;
  const { csr, key_id: keyId } = await requestFor(pki, request);
  const [known] = await pki.issuersWithKey(keyId);
  const mine = known ?? (await importSigned(pki, keyId, await sign(pki.vault, parent, csr, request)));
  const id = await claimName(pki, mine, name);
  for (const other of await pki.issuersWithKey(keyId)) if (other !== id) await removeStray(pki, other, name);
  return id;
}

/** Names are unique, so that of several who ask at once one has its issuer, and the others find that one. */
async function claimName(pki: MountedPki, id: string, name: string): Promise<string> {
  const change = { issuer_name: name, usage: NOT_ISSUING, leaf_not_after_behavior: 'err' } as const;
  try {
    await pki.changeIssuer(id, change, `name issuer ${name}, and keep it from issuing`);
    return id;
  } catch (error) {
    const winner = isNameTaken(error) || isUnknown(error) ? await pki.issuerIdByName(name) : null;
    if (winner === null) throw error;
    return winner;
  }
}

/** A policy allows to delete by names of ours only. */
async function removeStray(pki: MountedPki, id: string, name: string): Promise<void> {
  const stray = `${name}-${id}`;
  try {
    await pki.changeIssuer(id, { issuer_name: stray }, `name issuer ${id} in order to delete it`);
  } catch (error) {
    if (!isUnknown(error)) throw error;
  }
  await pki.deleteIssuer(stray);
}

function isUnknown(error: unknown): boolean {
  return error instanceof PortError && error.problem.code === 'ca.unknown-issuer';
}

interface Below {
  /** Whether further CAs may be below it. */
  readonly mayHaveCasBelow: boolean;
}

/** As the CA that is replaced: one that might sign no CAs must not have a successor that may. */
export function mayHaveCasBelow(certificatePem: string): boolean {
  return parseBundle(certificatePem).certificates[0]?.basicConstraints?.pathLength !== 0;
}

async function requestFor({ vault }: MountedPki, { name, commonName }: NewIssuer) {
  const ask = async (key: 'internal' | 'existing', which: object) => {
    const path = vault.inMount('issuers', 'generate', 'intermediate', key);
    const body = { common_name: commonName, exclude_cn_from_sans: true, ...which };
    return (await vault.write(path, `ask for a signature on issuer ${name}`, body, signingRequestReply)).data;
  };
  try {
    return await ask('internal', { key_name: name, key_type: 'ec', key_bits: 256 });
  } catch (error) {
    if (isNameTaken(error)) return ask('existing', { key_ref: name });
    throw error;
  }
}

/** Vault cuts a lifetime that goes beyond the parent's, and that of its mount, without an error. */
async function sign(
  vault: VaultConnection,
  parent: ParentIssuer,
  csr: string,
  { name, commonName, ttlSeconds, mayHaveCasBelow }: NewIssuer & Below,
): Promise<string> {
  const above = atMount(vault, parent);
  const body = {
    ...{ csr, common_name: commonName, exclude_cn_from_sans: true, ttl: `${ttlSeconds}s` },
    ...(mayHaveCasBelow ? {} : { max_path_length: 0 }),
  };
  const path = above.inMount('issuer', parent.issuer, 'sign-intermediate');
  const purpose = `sign issuer ${name} by ${parent.issuer}`;
  const { certificate } = await above.write(path, purpose, body, signedReply).then(
    ({ data }) => data,
    (error: unknown) => {
      throw explainedBy(error, above, parent, ttlSeconds);
    },
  );
  const validity = cutShortTo(new X509Certificate(certificate), ttlSeconds);
  if (validity === null) return certificate;
  throw lifetimeCutByParent(above.place, parent, validity, ttlSeconds);
}

function explainedBy(error: unknown, { place }: VaultConnection, parent: ParentIssuer, ttlSeconds: number) {
  const said = error instanceof PortError ? (error.problem.detail ?? '') : '';
  if (/beyond the expiration of the CA/.test(said)) {
    return lifetimeCutByParent(place, parent, null, ttlSeconds, said);
  }
  return /path length/.test(said) ? parentMaySignNoCa(place, parent, said) : error;
}

/** The same certificate again finds the same issuer. */
async function importSigned({ vault }: MountedPki, keyId: string, certificate: string): Promise<string> {
  const path = vault.inMount('intermediate', 'set-signed');
  const { data } = await vault.write(path, 'import the signed CA', { certificate }, importedReply);
  const [id] = Object.entries(data.mapping).find(([, key]) => key === keyId) ?? [];
  if (id !== undefined) return id;
  throw new PortError({
    code: 'ca.failed',
    message: `The certificate that was signed for a key of mount ${vault.place.mount} does not belong to it`,
    nextStep: 'Look at whatever stands between Vault and Windlass, then start again.',
  });
}

/** Takes the issuers away that have the key and not the name: of two signatures whose replies crossed, and unnamed ones. */
export async function withdrawUnnamed(pki: MountedPki, name: string, defaultId: string): Promise<void> {
  const keyId = await pki.keyId(name);
  if (keyId === null) return;
  for (const id of await pki.issuersWithKey(keyId)) {
    if (id !== defaultId) await removeStray(pki, id, name);
  }
}

/** The certificate of the parent and those above it that its mount knows, PEM. Vault tells it anybody. */
export async function chainOfParent(vault: VaultConnection, parent: ParentIssuer): Promise<string> {
  const above = atMount(vault, parent);
  const path = above.inMount('issuer', parent.issuer, 'json');
  const { data } = await above.read(path, `read the parent ${parent.issuer}`, publicIssuerReply);
  return [data.certificate, ...data.ca_chain].map((pem) => `${pem.trim()}\n`).join('');
}

function atMount({ place }: VaultConnection, { mount }: ParentIssuer): VaultConnection {
  return new VaultConnection({ ...place, mount });
}
