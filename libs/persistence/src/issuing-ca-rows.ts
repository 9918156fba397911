import type { EntityManager } from 'typeorm';
import { PortError, type SecretBox } from '#engine';
import type { Session } from './database.js';
import { IssuingCaEntity } from './entities/issuing-ca.entity.js';
import { UploadedCaEntity } from './entities/uploaded-ca.entity.js';
import type { IssuingCaView, NewIssuingCa } from './fleet-views.js';
import { newId } from './ids.js';
import { refuseOtherWays } from './issuing-ca-ways.js';
import { keepUploadedCa } from './postgres-uploaded-cas.js';
import { parentIn, sealAccessKey, sealLogin, waysOf } from './stored-fleet.js';

/**
 * Finds the issuing CA where it is, or writes it, and renews what people may change of it. Returns its id. Throws
 * PortError `ca.name-taken` for an uploaded CA that is another one than the one of that name, and what
 * {@link refuseOtherWays} throws.
 */
export async function keepIssuingCa(session: Session, ca: NewIssuingCa, box: SecretBox): Promise<string> {
  const { manager } = session;
  const place = placeOf(ca);
  const fresh = newId();
  const row = { id: fresh, ...place, ...changing(ca, fresh, box) };
  await manager.createQueryBuilder().insert().into(IssuingCaEntity).values(row).orIgnore().execute();
  const { id } = await manager.findOneByOrFail(IssuingCaEntity, place);
  if (ca.kind === 'vault') await refuseOtherWays(session, id, ca);
  if (id !== fresh) await manager.update(IssuingCaEntity, { id }, changing(ca, id, box));
  if (ca.kind === 'upload') await keepFirst(manager, ca, id, box);
  return id;
}

/** What makes it the one it is: a name, or a group of AWS, stands where the mount of a Vault does. */
function placeOf(ca: NewIssuingCa) {
  if (ca.kind === 'upload') return { kind: ca.kind, address: '', namespace: '', mount: ca.name };
  if (ca.kind === 'aws-pca') {
    return { kind: ca.kind, address: ca.region, namespace: ca.account, mount: ca.group };
  }
  const { kind, address, namespace, mount } = ca;
  return { kind, address, namespace, mount };
}

function changing(ca: NewIssuingCa, id: string, box: SecretBox) {
  if (ca.kind === 'upload') return { role: '', serverCaPem: null };
  if (ca.kind === 'aws-pca') {
    const { endpoint, accessKey } = ca;
    return { role: '', serverCaPem: null, endpoint, ...sealAccessKey(accessKey, id, box) };
  }
  const { role, serverCaPem } = ca;
  return { role, serverCaPem, ...waysOf(ca), ...sealLogin(ca, id, box) };
}

async function keepFirst(
  manager: EntityManager,
  { name, first }: Extract<NewIssuingCa, { kind: 'upload' }>,
  issuingCaId: string,
  box: SecretBox,
): Promise<void> {
  const current = await manager.findOneBy(UploadedCaEntity, { issuingCaId, state: 'current' });
  if (current !== null && current.fingerprint !== first.fingerprint) throw nameTaken(name);
  await keepUploadedCa(manager, box, issuingCaId, first, 'current');
}

/** What is shown of a row of `issuing_cas`, as JSON: of secrets, which of them there are. */
export const SHOWN_CA = `json_build_object(
  'kind', issuing_cas.kind, 'id', issuing_cas.id, 'address', address, 'namespace', namespace, 'mount', mount,
  'role', role, 'hasToken', token IS NOT NULL, 'endpoint', endpoint, 'accessKeyId', access_key_id,
  'signedByMount', signed_by_mount, 'signedByIssuer', signed_by_issuer, 'pinnedRoles', pinned_roles)`;

type SealedOrUnseen =
  | ('token' | 'appRoleMount' | 'roleId' | 'secretId' | 'secretAccessKey')
  | ('serverCaPem' | 'createdAt');

export type ShownCaRow = Omit<IssuingCaEntity, SealedOrUnseen> & { readonly hasToken: boolean };

export function toIssuingCaView(row: ShownCaRow): IssuingCaView {
  const { kind, id, address, namespace, mount, role, hasToken, endpoint, accessKeyId } = row;
  if (kind === 'upload') return { kind, id, name: mount };
  if (kind === 'aws-pca') {
    return { kind, id, region: address, account: namespace, group: mount, endpoint, accessKeyId };
  }
  const { pinnedRoles } = row;
  const login = hasToken ? 'token' : 'appRole';
  return { kind, id, address, namespace, mount, role, login, signedBy: parentIn(row), pinnedRoles };
}

function nameTaken(name: string): PortError {
  return new PortError({
    code: 'ca.name-taken',
    message: `There is an uploaded CA ${name} already, and another certificate is its current one.`,
    nextStep: 'Give the certificate that clients of that CA get today, or take another name.',
  });
}
