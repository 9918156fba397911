import type { DataSource } from 'typeorm';
import { CaSources, VaultCaLogins } from '#ca-source';
import { OpensslChainVerifier, X509Mint } from '#certificates';
import {
  type AuditLog,
  type CaLogins,
  counted,
  countedProbe,
  type FigureStore,
  type Journal,
  logTrouble,
  type Measure,
  type ObservationStore,
  type Ports,
  ReadFigures,
  RotationCommands,
  Schedules,
  type Tracing,
  trustOfSeenGenerations,
  type UploadedCas,
  unmeasured,
  type Wakeups,
  type WebhookSender,
  type WebhookStore,
} from '#engine';
import { SshHostGateway } from '#host';
import {
  PostgresAuditLog,
  PostgresFigureStore,
  PostgresFleetStore,
  PostgresJournal,
  PostgresObservationStore,
  PostgresRotationStore,
  PostgresScheduleStore,
  PostgresUploadedCas,
  PostgresWebhookStore,
} from '#persistence';
import { type Config, NO_TRACES, type RunningTracing, SystemClock } from '#platform';
import { type ProbeReach, RegisteredHosts, TlsProbe } from '#probe';
import { BullWakeups } from '#queue';
import { AllowedAddresses, HttpWebhookSender } from '#webhooks';
import type { InstallationLog } from './installation-log.js';
import { openRecords, type Records } from './records.js';
import { openStorage, type StorageConfig } from './storage.js';
import { tracedAdapters, tracedSender } from './traced-adapters.js';

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
  readonly figures: { readonly store: FigureStore; readonly read: ReadFigures };
  readonly webhooks: { readonly store: WebhookStore; readonly sender: WebhookSender };
  readonly records: Records;
  /** Where probes may go. */
  readonly reach: ProbeReach;
  readonly log: InstallationLog;
  /** Tells of what is done, where somebody follows. */
  readonly tracing: Tracing;
  close(): Promise<void>;
}

/** What follows an installation at work. */
export interface Instruments {
  readonly traces: RunningTracing;
  /** Told what the CA and the hosts refuse, and of each probe. */
  readonly measure: Measure;
}

/**
 * Opens what the configuration names: the user's PostgreSQL or the embedded one, the queue in it or in Redis.
 * Brings the schema up to date. Throws PortError that names what is away or wrong, and leaves nothing open.
 */
export async function openInstallation(
  config: InstallationConfig,
  log: InstallationLog,
  { traces = NO_TRACES, measure = unmeasured }: Partial<Instruments> = {},
): Promise<Installation> {
  const opened: (() => Promise<unknown>)[] = [];
  const close = async () => {
    for (const one of opened.splice(0).reverse()) await one();
  };
  try {
    return await compose({ config, log, traces, measure }, (one) => opened.push(one), close);
  } catch (error) {
    await close();
    throw error;
  }
}

async function compose(
  {
    config,
    log,
    traces: { tracing, followed },
    measure,
  }: { readonly config: InstallationConfig; readonly log: InstallationLog } & Instruments,
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
    (error) => logTrouble(log, { error }, 'the queue, or what it woke, failed; it is tried again'),
  );
  onClose(() => wakeups.close());
  const clock = new SystemClock();
  const uploads = new PostgresUploadedCas(dataSource, box);
  const gateway = new SshHostGateway(config.sshAgent ?? null);
  onClose(() => gateway.close());
  const [ca, hosts] = [counted(new CaSources(uploads), 'ca', measure), counted(gateway, 'host', measure)];
  const commands = new RotationCommands(fleets, rotations, journal, wakeups, clock, undefined, tracing);
  const records = openRecords(dataSource, box);
  const reach = new RegisteredHosts({
    hosts: () => records.hosts.addresses(),
    ranges: config.probeRanges ?? [],
  });
  const callers = { ca, hosts, probe: countedProbe(new TlsProbe({ reach }), measure) };
  const adapters = {
    ...(followed ? tracedAdapters(callers) : callers),
    verifier: OpensslChainVerifier.local(),
    mint: new X509Mint(),
  };
  const observations = new PostgresObservationStore(dataSource);
  const parts = { fleets, rotations, journal, wakeups, clock, observations, ...adapters };
  const schedules = new PostgresScheduleStore(dataSource);
  const sender = new HttpWebhookSender(new AllowedAddresses(config.webhookAllowedRanges ?? []));
  const figures = new PostgresFigureStore(dataSource);
  return {
    dataSource,
    parts,
    ...{ auditLog: new PostgresAuditLog(dataSource), caLogins: new VaultCaLogins(), uploads },
    commands,
    schedules: new Schedules({ ...parts, schedules }, commands, wakeups),
    figures: {
      store: figures,
      read: new ReadFigures({
        ...{ store: figures, wakeups },
        servedTrust: trustOfSeenGenerations(figures),
      }),
    },
    webhooks: {
      store: new PostgresWebhookStore(dataSource, box),
      sender: followed ? tracedSender(sender) : sender,
    },
    records,
    reach,
    log,
    tracing,
    close,
  };
}
