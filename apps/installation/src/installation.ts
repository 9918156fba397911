import type { DataSource } from 'typeorm';
import { CaSources, VaultCaLogins } from '#ca-source';
import { OpensslChainVerifier, X509Mint } from '#certificates';
import {
  type AuditLog,
  type CaLogins,
  type Journal,
  type ObservationStore,
  type Ports,
  RotationCommands,
  Schedules,
  type UploadedCas,
  type Wakeups,
  type WebhookSender,
  type WebhookStore,
} from '#engine';
import { SshHostGateway } from '#host';
import {
  PostgresAuditLog,
  PostgresFleetStore,
  PostgresJournal,
  PostgresObservationStore,
  PostgresRotationStore,
  PostgresScheduleStore,
  PostgresUploadedCas,
  PostgresWebhookStore,
} from '#persistence';
import { type Config, SystemClock } from '#platform';
import { type ProbeReach, RegisteredHosts, TlsProbe } from '#probe';
import { BullWakeups } from '#queue';
import { AllowedAddresses, HttpWebhookSender } from '#webhooks';
import type { InstallationLog } from './installation-log.js';
import { openRecords, type Records } from './records.js';
import { openStorage, type StorageConfig } from './storage.js';

export type InstallationConfig = StorageConfig &
  Pick<Config, 'redisUrl'> &
  Partial<Pick<Config, 'probeRanges' | 'sshAgent' | 'webhookAllowedRanges'>>;

export type InstallationParts = Ports & {
  readonly journal: Journal;
  readonly wakeups: Wakeups;
  readonly observations: ObservationStore;
};

/** One Windlass: its database, its queue and every adapter. API and worker open the same one. */
export interface Installation {
  readonly dataSource: DataSource;
  readonly parts: InstallationParts;
  readonly auditLog: AuditLog;
  readonly caLogins: CaLogins;
  readonly uploads: UploadedCas;
  readonly commands: RotationCommands;
  readonly schedules: Schedules;
  readonly webhooks: { readonly store: WebhookStore; readonly sender: WebhookSender };
  readonly records: Records;
  /** Where probes may go. */
  readonly reach: ProbeReach;
  readonly log: InstallationLog;
  close(): Promise<void>;
}

/**
 * Opens what the configuration names: the user's PostgreSQL or the embedded one, the queue in it or in Redis.
 * Brings the schema up to date. Throws PortError that names what is away or wrong, and leaves nothing open.
 */
export async function openInstallation(
  config: InstallationConfig,
  log: InstallationLog,
): Promise<Installation> {
  const opened: (() => Promise<unknown>)[] = [];
  const close = async () => {
    for (const one of opened.splice(0).reverse()) await one();
  };
  try {
    return await compose(config, log, (one) => opened.push(one), close);
  } catch (error) {
    await close();
    throw error;
  }
}

async function compose(
  config: InstallationConfig,
  log: InstallationLog,
  onClose: (close: () => Promise<unknown>) => void,
  close: () => Promise<void>,
): Promise<Installation> {
  const { url, dataSource, box } = await openStorage(config, log, onClose);
  const fleets = new PostgresFleetStore(dataSource, box);
  const rotations = new PostgresRotationStore(dataSource, box);
  const journal = new PostgresJournal(dataSource);
  onClose(() => journal.close());
  const wakeups = await BullWakeups.open(
    config.redisUrl ? { redisUrl: config.redisUrl.reveal() } : { postgresUrl: url },
    (error) => log.error({ error }, 'the queue reported an error'),
  );
  onClose(() => wakeups.close());
  const clock = new SystemClock();
  const uploads = new PostgresUploadedCas(dataSource, box);
  const ca = new CaSources(uploads);
  const hosts = new SshHostGateway(config.sshAgent ?? null);
  onClose(() => hosts.close());
  const commands = new RotationCommands(fleets, rotations, journal, wakeups, clock);
  const records = openRecords(dataSource, box);
  const reach = new RegisteredHosts({
    hosts: () => records.hosts.addresses(),
    ranges: config.probeRanges ?? [],
  });
  const adapters = {
    probe: new TlsProbe({ reach }),
    verifier: OpensslChainVerifier.local(),
    mint: new X509Mint(),
  };
  const observations = new PostgresObservationStore(dataSource);
  const parts = { fleets, rotations, journal, wakeups, clock, ca, hosts, observations, ...adapters };
  const schedules = new PostgresScheduleStore(dataSource);
  return {
    dataSource,
    parts,
    ...{ auditLog: new PostgresAuditLog(dataSource), caLogins: new VaultCaLogins(), uploads },
    commands,
    schedules: new Schedules({ ...parts, schedules }, commands, wakeups),
    webhooks: {
      store: new PostgresWebhookStore(dataSource, box),
      sender: new HttpWebhookSender(new AllowedAddresses(config.webhookAllowedRanges ?? [])),
    },
    records,
    reach,
    log,
    close,
  };
}
