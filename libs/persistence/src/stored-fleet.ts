import type {
  AwsAccessKey,
  Generation,
  HostRecord,
  IssuingCa,
  ParentIssuer,
  SampleClient,
  Secret,
  SecretBox,
  TokenOrAppRole,
} from '#engine';
import type { GenerationEntity } from './entities/generation.entity.js';
import type { HostEntity } from './entities/host.entity.js';
import type { IssuingCaEntity } from './entities/issuing-ca.entity.js';
import type { ProbeTargetEntity } from './entities/probe-target.entity.js';
import type { SampleClientEntity } from './entities/sample-client.entity.js';
import type { CaWays } from './fleet-views.js';
import { jumpIn } from './jump-columns.js';
import { type SealedColumn, sealContext } from './sealed-columns.js';

/** Rows as the engine knows them. Secrets are opened here, one by one, and nowhere else. */

export function toIssuingCa(row: IssuingCaEntity, box: SecretBox): IssuingCa {
  const { kind, id, address, namespace, mount, role, serverCaPem, endpoint } = row;
  if (kind === 'upload') return { kind, id, name: mount };
  if (kind === 'aws-pca') {
    const place = { region: address, account: namespace, group: mount, endpoint };
    return { kind, id, ...place, accessKey: openAccessKey(row, box) };
  }
  const { pinnedRoles } = row;
  const how = { signedBy: parentIn(row), pinnedRoles };
  return { kind, id, address, namespace, mount, role, serverCaPem, ...how, ...openLogin(row, box) };
}

/** Null for a CA whose new issuers sign themselves. */
export function parentIn({
  signedByMount,
  signedByIssuer,
}: Pick<IssuingCaEntity, 'signedByMount' | 'signedByIssuer'>): ParentIssuer | null {
  return signedByMount === null ? null : { mount: signedByMount, issuer: signedByIssuer ?? '' };
}

/** The columns of what people may change of how a CA is rotated; what is left out stays as it is. */
export function waysOf({ signedBy, pinnedRoles }: CaWays): Partial<IssuingCaEntity> {
  return {
    ...(signedBy === undefined
      ? {}
      : { signedByMount: signedBy?.mount ?? null, signedByIssuer: signedBy?.issuer ?? null }),
    ...(pinnedRoles === undefined ? {} : { pinnedRoles }),
  };
}

/** One of the two is there: the table says so. */
function openLogin(row: IssuingCaEntity, box: SecretBox): TokenOrAppRole {
  const { id, token, appRoleMount, roleId, secretId } = row;
  if (token !== null) return { token: box.open(token, sealContext('issuing_cas.token', id)) };
  const secret = box.open(secretId ?? '', sealContext('issuing_cas.secret_id', id));
  return { appRole: { mount: appRoleMount ?? '', roleId: roleId ?? '', secretId: secret } };
}

/** Null for the role of the machine. */
function openAccessKey(row: IssuingCaEntity, box: SecretBox): AwsAccessKey | null {
  const { id, accessKeyId, secretAccessKey } = row;
  if (accessKeyId === null || secretAccessKey === null) return null;
  const context = sealContext('issuing_cas.secret_access_key', id);
  return { id: accessKeyId, secret: box.open(secretAccessKey, context) };
}

/** The columns of an access key of AWS, whatever was there before; null for the role of the machine. */
export function sealAccessKey(
  key: AwsAccessKey | null,
  id: string,
  box: SecretBox,
): Pick<IssuingCaEntity, 'accessKeyId' | 'secretAccessKey'> {
  if (key === null) return { accessKeyId: null, secretAccessKey: null };
  const context = sealContext('issuing_cas.secret_access_key', id);
  return { accessKeyId: key.id, secretAccessKey: box.seal(key.secret.reveal(), context) };
}

/** The columns of a login, whatever was there before. A secret is sealed for its row. */
export function sealLogin(
  { token, appRole }: TokenOrAppRole,
  id: string,
  box: SecretBox,
): Pick<IssuingCaEntity, 'token' | 'appRoleMount' | 'roleId' | 'secretId'> {
  const sealed = (secret: Secret | undefined, column: SealedColumn) =>
    secret === undefined ? null : box.seal(secret.reveal(), sealContext(column, id));
  return {
    token: sealed(token, 'issuing_cas.token'),
    appRoleMount: appRole?.mount ?? null,
    roleId: appRole?.roleId ?? null,
    secretId: sealed(appRole?.secretId, 'issuing_cas.secret_id'),
  };
}

export function toGeneration({ id, fleetId, number, content, digest, marker }: GenerationEntity): Generation {
  return { id, fleetId, number, content, digest, marker };
}

export function toHostRecord(
  row: HostEntity,
  targets: readonly ProbeTargetEntity[],
  box: SecretBox,
): HostRecord {
  return {
    id: row.id,
    name: row.name,
    fleetId: row.fleetId,
    address: row.address,
    port: row.port,
    user: row.sshUser,
    hostKey: row.hostKey,
    privateKey:
      row.privateKey === null ? null : box.open(row.privateKey, sealContext('hosts.private_key', row.id)),
    jump: jumpIn(row, box),
    managedPaths: row.managedPaths,
    nginxBinary: row.nginxBinary,
    nginxArguments: row.nginxArguments,
    reloadCommand: row.reloadCommand,
    access: row.access,
    probeTargets: probeTargetsOf(row.id, targets),
  };
}

/** In the order in which they were given. */
export function probeTargetsOf(
  hostId: string,
  targets: readonly ProbeTargetEntity[],
): HostRecord['probeTargets'] {
  return targets
    .filter((target) => target.hostId === hostId)
    .sort((a, b) => a.position - b.position)
    .map(({ address, port, serverName, path }) => ({ address, port, serverName, path }));
}

export function toSampleClient(row: SampleClientEntity, box: SecretBox): SampleClient {
  const { id, name, certificatePem, chainPem, expect } = row;
  const privateKey =
    row.privateKey === null ? null : box.open(row.privateKey, sealContext('sample_clients.private_key', id));
  return { id, name, certificatePem, chainPem, privateKey, expect };
}
