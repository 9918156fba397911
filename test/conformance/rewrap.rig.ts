import { randomBytes } from 'node:crypto';
import { PortError, Secret } from '#engine';
import {
  FleetRecords,
  HostRecords,
  PostgresFleetStore,
  PostgresRotationStore,
  PostgresUploadedCas,
  PostgresWebhookStore,
  SampleRecords,
  WebhookEndpoints,
} from '#persistence';
import { MasterKey, SealedBox } from '#platform';
import { newWebhookSecret } from '#webhooks';
import { aFleet, aHost, aRotation, type TestStores } from '../kit/stored-fleet.js';
import { ANYTHING, HOUR_MS } from './webhook-rows.js';

/** More than one transaction moves at once. */
export const HOSTS = 430;

const place = { role: 'clients', serverCaPem: null, namespace: '', mount: 'pki' };
const vault = (name: string) => ({ kind: 'vault', ...place, address: `https://${name}.example` }) as const;

export function aMasterKey(): MasterKey {
  return new MasterKey(randomBytes(32).toString('base64'), 'a test');
}

/** The stores and records as a process with this box has them. */
export function recordsWith({ dataSource }: TestStores, box: SealedBox) {
  return {
    fleets: new FleetRecords(dataSource, box),
    hosts: new HostRecords(dataSource, box),
    samples: new SampleRecords(dataSource, box),
    fleetStore: new PostgresFleetStore(dataSource, box),
    rotations: new PostgresRotationStore(dataSource, box),
    uploads: new PostgresUploadedCas(dataSource, box),
    webhookStore: new PostgresWebhookStore(dataSource, box),
    webhooks: new WebhookEndpoints(dataSource, box, newWebhookSecret),
  };
}

export interface Planted {
  readonly fleetIds: readonly string[];
  readonly uploadId: string;
  readonly rotationId: string;
  readonly webhookId: string;
}

/** Something in every column that is sealed. */
export async function plant(stores: TestStores, box: SealedBox): Promise<Planted> {
  const { fleets, hosts, samples, rotations, webhooks } = recordsWith(stores, box);
  const appRole = { mount: 'approle', roleId: 'r', secretId: new Secret('the secret id') };
  const accessKey = { id: 'AKIA', secret: new Secret('the access key') };
  const aws = { kind: 'aws-pca', region: 'eu-central-1', account: '1'.repeat(12), group: 'g' } as const;
  const probe = { certificatePem: 'c', chainPem: '', privateKey: new Secret('the probe key') };
  const first = { certificatePem: 'ca', fingerprint: 'ab'.repeat(32), probe };
  const one = await fleets.createFleet(aFleet());
  const others = [
    await fleets.createFleet(aFleet({ issuingCa: { ...vault('role'), appRole } })),
    await fleets.createFleet(aFleet({ issuingCa: { ...aws, endpoint: null, accessKey } })),
  ];
  const uploaded = await fleets.createFleet(aFleet({ issuingCa: { kind: 'upload', name: 'u', first } }));
  const outer = { ...aHost(), privateKey: new Secret('the key for the jump host') };
  const direct = Array.from({ length: HOSTS - 1 }, () => aHost());
  await hosts.addHosts(one.id, [aHost({ jump: outer }), ...direct]);
  const sample = { name: 's', certificatePem: 'c', chainPem: '', expect: 'accepted' } as const;
  await samples.addSample(one.id, { ...sample, privateKey: new Secret('the sample key') });
  const rotationId = await aRotation(stores, one);
  const privateKey = new Secret('the leaf key');
  await rotations.saveLeaf(rotationId, 'old', {
    certificatePem: 'l',
    chainPem: '',
    issuerPem: 'i',
    privateKey,
  });
  const { webhook } = await webhooks.create(ANYTHING, 'a test');
  await webhooks.rotateSecret(webhook.id, new Date(Date.now() + HOUR_MS));
  const fleetIds = [one, ...others].map(({ id }) => id);
  return { fleetIds, uploadId: uploaded.issuingCa.id, rotationId, webhookId: webhook.id };
}

/** Every planted secret, opened with this box. */
export async function openAll(
  stores: TestStores,
  box: SealedBox,
  planted: Planted,
): Promise<readonly string[]> {
  const { fleetStore, rotations, uploads, webhookStore } = recordsWith(stores, box);
  const fleets = await Promise.all(planted.fleetIds.map((id) => fleetStore.fleet(id)));
  const leaf = await rotations.leaf(planted.rotationId, 'old');
  const brought = await uploads.list(planted.uploadId);
  const signing = await webhookStore.secrets(planted.webhookId, Date.now());
  const secrets = fleets.flatMap(({ hosts, samples, issuingCa }) => [
    ...hosts.flatMap(({ privateKey, jump }) => [privateKey, jump?.privateKey]),
    ...samples.map(({ privateKey }) => privateKey),
    ...('token' in issuingCa ? [issuingCa.token] : []),
    ...('appRole' in issuingCa ? [issuingCa.appRole?.secretId] : []),
    ...('accessKey' in issuingCa ? [issuingCa.accessKey?.secret] : []),
  ]);
  return [...secrets, ...brought.map(({ probe }) => probe.privateKey), leaf?.privateKey, ...signing]
    .flatMap((secret) => (secret ? [secret.reveal()] : []))
    .sort();
}

/** A box whose process is killed after it has sealed so many values. */
export class DyingBox extends SealedBox {
  private sealed = 0;

  constructor(
    keys: ConstructorParameters<typeof SealedBox>[0],
    private readonly dies: number,
  ) {
    super(keys);
  }

  override seal(text: string, context: string): string {
    this.sealed += 1;
    if (this.sealed > this.dies)
      throw new PortError({ code: 'test.killed', message: 'killed', nextStep: '' });
    return super.seal(text, context);
  }
}
