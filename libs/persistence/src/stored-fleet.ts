import type { Generation, HostRecord, IssuingCa, SampleClient, SecretBox } from '#engine';
import type { GenerationEntity } from './entities/generation.entity.js';
import type { HostEntity } from './entities/host.entity.js';
import type { IssuingCaEntity } from './entities/issuing-ca.entity.js';
import type { ProbeTargetEntity } from './entities/probe-target.entity.js';
import type { SampleClientEntity } from './entities/sample-client.entity.js';
import { sealContext } from './sealed-columns.js';

/** Rows as the engine knows them. Secrets are opened here, one by one, and nowhere else. */

export function toIssuingCa(row: IssuingCaEntity, box: SecretBox): IssuingCa {
  const { id, address, namespace, mount, role, serverCaPem } = row;
  const token = box.open(row.token, sealContext('issuing_cas.token', id));
  return { id, address, namespace, mount, role, token, serverCaPem };
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
    privateKey: box.open(row.privateKey, sealContext('hosts.private_key', row.id)),
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
