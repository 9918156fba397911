import type { DataSource } from 'typeorm';
import { VaultCaLogins } from '#ca-source';
import {
  type Append,
  type FigureStore,
  type Journal,
  ReadFigures,
  RotationCommands,
  Schedules,
  trustOfSeenGenerations,
  type Wakeups,
} from '#engine';
import { type Installation, openRecords } from '#installation';
import {
  migrate,
  openDataSource,
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
import { NO_TRACES, SystemClock } from '#platform';
import { ANYWHERE } from '#probe';
import { BullWakeups } from '#queue';
import type { RotationEvent } from '#rotation';
import { AllowedAddresses, HttpWebhookSender } from '#webhooks';
import { type RunningWorker, startWorker } from '../../apps/worker/src/worker.js';
import { SimCaSource, SimMint, SimProbe, SimVerifier } from '../../libs/simulation/src/sim-adapters.js';
import { SimGateway } from '../../libs/simulation/src/sim-gateway.js';
import { SimProcess } from '../../libs/simulation/src/sim-process.js';
import { Life } from './life.js';
import type { RigParts } from './rig-parts.js';
import { withTiming } from './timing.js';

/** What went wrong in any process; a lost connection is no wonder here. */
type Noise = (message: string) => void;

/** One process of a rig: all of an installation, and how it lives and dies. */
export interface RigProcess extends Installation {
  readonly life: Life;
  /** What it reported as errors so far. */
  readonly errors: readonly string[];
  /** Called with each event that this process has written, before it goes on. */
  onWritten(listener: (event: RotationEvent) => void): void;
  /** Drives rotations until the process is killed or closed. */
  work(): Promise<RunningWorker>;
}

export async function openProcess(rig: RigParts, name: string, databaseUrl: string): Promise<RigProcess> {
  const errors: string[] = [];
  const noise: Noise = (message) => errors.push(message);
  const dataSource = await openDataSource(databaseUrl);
  await migrate(dataSource);
  const journal = new PostgresJournal(dataSource);
  const wakeups = await BullWakeups.open(rig.queue, () => undefined);
  let closing: Promise<void> | null = null;
  const stopTaking = () => {
    closing ??= wakeups.close();
    return closing;
  };
  const life = new Life(() => void stopTaking());
  const listeners: ((event: RotationEvent) => void)[] = [];
  const parts = partsOf(rig, name, life, {
    fleets: new PostgresFleetStore(dataSource, rig.box),
    rotations: new PostgresRotationStore(dataSource, rig.box),
    journal: life.port<Journal>(journal, (method, [append]) => {
      if (method !== 'append') return;
      for (const event of (append as Append).events) for (const listener of listeners) listener(event);
    }),
    wakeups: life.port(wakeups),
    observations: life.port(new PostgresObservationStore(dataSource)),
  });
  const { fleets, rotations, clock } = parts;
  const commands = new RotationCommands(fleets, rotations, parts.journal, parts.wakeups, clock);
  const installation: Installation = {
    ...{
      dataSource,
      parts,
      commands,
      auditLog: new PostgresAuditLog(dataSource),
      caLogins: new VaultCaLogins(),
    },
    uploads: new PostgresUploadedCas(dataSource, rig.box),
    schedules: new Schedules(
      { ...parts, schedules: life.port(new PostgresScheduleStore(dataSource)) },
      commands,
      parts.wakeups,
    ),
    figures: figuresOf(dataSource, parts.wakeups, life),
    webhooks: {
      store: life.port(new PostgresWebhookStore(dataSource, rig.box)),
      sender: new HttpWebhookSender(new AllowedAddresses([])),
    },
    records: openRecords(dataSource, rig.box),
    reach: ANYWHERE,
    tracing: NO_TRACES.tracing,
    log: {
      info: () => undefined,
      warn: (fields, message) => 'error' in fields && noise(message),
      error: (_, message) => noise(message),
    },
    close: async () => {
      await stopTaking();
      await journal.close();
      await dataSource.destroy();
    },
  };
  return {
    ...installation,
    ...{ life, errors },
    onWritten: (listener) => void listeners.push(listener),
    work: () => startWorker(installation, 10),
  };
}

function figuresOf(dataSource: DataSource, wakeups: Wakeups, life: Life): Installation['figures'] {
  const store = life.port<FigureStore>(new PostgresFigureStore(dataSource));
  const servedTrust = trustOfSeenGenerations(store);
  return { store, read: new ReadFigures({ store, wakeups, servedTrust }) };
}

type Stores = Pick<Installation['parts'], 'fleets' | 'rotations' | 'journal' | 'wakeups' | 'observations'>;

function partsOf(rig: RigParts, name: string, life: Life, stores: Stores): Installation['parts'] {
  const process = new SimProcess(name, rig.time, 0);
  const { network, byAddress } = rig;
  return {
    fleets: life.port(stores.fleets),
    rotations: life.port(withTiming(stores.rotations, () => rig.options.timing ?? {})),
    journal: stores.journal,
    wakeups: stores.wakeups,
    observations: stores.observations,
    hosts: life.port(new SimGateway(process, network, byAddress)),
    probe: life.port(new SimProbe(process, network, byAddress, Number.POSITIVE_INFINITY)),
    ca: life.port(new SimCaSource(process, network, rig.ca)),
    verifier: new SimVerifier(),
    mint: new SimMint(),
    clock: new SystemClock(),
  };
}
