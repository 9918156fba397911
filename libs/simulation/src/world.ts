import {
  Perform,
  PortError,
  type Ports,
  type Revocation,
  RotationCommands,
  Runner,
  Schedules,
  WorkerLoop,
} from '#engine';
import type { RotationEvent, RotationState, Scope, Strategy } from '#rotation';
import type { ComposedGeneration } from '#trust';
import { MemoryDatabase, MemoryFleetStore, type MemoryRotationStore } from './memory/index.js';
import { MemoryObservationStore } from './memory/memory-observation-store.js';
import { MemoryScheduleStore } from './memory/memory-schedule-store.js';
import { Network } from './network.js';
import { Observer } from './observer.js';
import { Random } from './random.js';
import { SimCaSource, SimMint, SimProbe, SimVerifier } from './sim-adapters.js';
import { PINNED_ROLE, SimCa } from './sim-ca.js';
import { SimGateway } from './sim-gateway.js';
import type { SimHost } from './sim-host.js';
import { SimMachine } from './sim-machine.js';
import { SimClock, SimProcess } from './sim-process.js';
import { SimQueue, SimWakeups } from './sim-queue.js';
import { addressOf, recordFleets } from './sim-records.js';
import { DatabaseLink, SimFleetStore, SimJournal, SimRotationStore } from './sim-stores.js';
import { bundleAtFirst, driftBefore, goesTogether, pinsRole, wishesOf } from './sim-strategies.js';
import { VirtualTime } from './virtual-time.js';
import { WatchedJournal, WatchedRotations } from './watched.js';
import type { WorldOptions } from './world-options.js';

type Wish = { readonly rotationId: string; readonly by: string };

/** When every simulated world begins. */
export const BEGIN = Date.parse('2026-11-24T00:00:00Z');
/** When the short-lived sample client ends. */
const SHORT_LIVED_UNTIL = Date.parse('2026-11-24T00:02:00Z');

/** A fleet, a CA, a database, a queue and some workers: the real engine among simulated parts. */
export class World {
  readonly random: Random;
  readonly time = new VirtualTime(BEGIN);
  readonly network: Network;
  readonly queue: SimQueue;
  readonly ca: SimCa;
  readonly database: MemoryDatabase;
  readonly journal: WatchedJournal;
  readonly rotations: MemoryRotationStore;
  readonly hosts: readonly SimMachine[];
  /** What every host serves before anything is done. */
  readonly bundleAtFirst: ComposedGeneration;
  readonly observer: Observer;
  /** All that trust the one CA; the first is the one whose rotation is asked for. */
  readonly fleetIds: readonly string[];
  /** The person at the keyboard: never crashes, always gets through. */
  readonly operator: RotationCommands;
  readonly workers: SimProcess[] = [];
  /** Ids of hosts that will never come back. */
  readonly gone = new Set<string>();
  /** Boundaries that any process has passed. */
  boundaries = 0;
  private readonly byAddress = new Map<string, SimMachine>();
  private readonly listeners: ((process: SimProcess, label: string) => void)[] = [];
  private readonly hostListeners: ((host: SimHost, what: string) => void)[] = [];
  private ids = 0;
  private incarnations = 0;

  constructor(readonly options: WorldOptions) {
    this.random = new Random(options.seed);
    this.network = new Network(this.time, this.random.fork());
    this.network.onBoundary = (process, label) => {
      this.boundaries += 1;
      for (const listener of this.listeners) listener(process, label);
    };
    this.queue = new SimQueue(this.time, this.random.fork());
    this.database = new MemoryDatabase({ now: () => this.time.now() });
    this.journal = new WatchedJournal(this.database);
    this.rotations = new WatchedRotations(this.database, this.journal);
    this.ca = new SimCa(
      () => this.observer.caChanged(),
      () => this.time.now(),
    );
    if (pinsRole(options)) this.ca.roles.set(PINNED_ROLE, this.ca.defaultId);
    this.bundleAtFirst = bundleAtFirst(this.strategy, this.revocation);
    this.hosts = Array.from({ length: options.hosts }, (_, index) =>
      this.makeHost(index, this.bundleAtFirst.content),
    );
    const fleets = recordFleets(this);
    this.fleetIds = fleets.map(({ fleetId }) => fleetId);
    this.observer = new Observer(this.ca, fleets, () => this.time.now(), BEGIN);
    this.journal.observer = this.observer;
    this.queue.onFailure = (error) => this.judgeFailure(error);
    this.operator = this.commandsOf(new SimProcess('operator', this.time, 0));
    for (let worker = 1; worker <= options.workers; worker += 1) this.startWorker(`worker-${worker}`);
  }

  /** Called whenever files or workers of the host changed. */
  onHost(host: SimMachine, listener: (what: string) => void): void {
    this.hostListeners.push((one, what) => {
      if (one === host) listener(what);
    });
  }

  /** Called at every boundary of every process. */
  onBoundary(listener: (at: number, process: string, label: string) => void): void {
    this.listeners.push((process, label) => listener(this.time.now(), process.name, label));
  }

  /** Called once, in the moment in which the journal gets such an entry and before anybody knows of it. */
  once(matches: (event: RotationEvent) => boolean, act: (event: RotationEvent) => void): void {
    let done = false;
    this.journal.listeners.push((event) => {
      if (done || !matches(event)) return;
      done = true;
      act(event);
    });
  }

  /** Kills whoever holds the scope. */
  crashHolder(scope: Scope, restartAfterMs: number): void {
    const holder = this.database.rotation(`rotation-${this.ids}`).leases.get(scope)?.holder;
    const worker = this.workers.find(({ name }) => holder?.startsWith(`${name}#`));
    if (worker) this.crash(worker, restartAfterMs);
  }

  crashAll(restartAfterMs: number): void {
    for (const worker of [...this.workers]) this.crash(worker, restartAfterMs);
  }

  /** Kills the worker that passes the boundary of that number, and starts another one in its place. */
  crashAt(boundary: number, restartAfterMs: number): void {
    this.listeners.push((process) => {
      if (this.boundaries === boundary) this.crash(process, restartAfterMs);
    });
  }

  /** Calls `act` in the middle of the so-manieth step of the host. */
  afterStep(host: SimMachine, count: number, act: () => void): void {
    let steps = 0;
    this.listeners.push((_, label) => {
      if (!/ (stage|commit|confirm|revert|discard) asked$/.test(label) || !label.startsWith(`${host.id} `))
        return;
      steps += 1;
      if (steps === count) this.time.after(this.random.between(0, 120), act);
    });
  }

  /** What a person asks for; a refusal is an answer, too. */
  wish(ask: (commands: RotationCommands, wish: Wish) => Promise<void>, by = 'operator'): void {
    const rotationId = `rotation-${this.ids}`;
    void ask(this.operator, { rotationId, by }).catch((error: unknown) => {
      if (!(error instanceof PortError)) throw error;
    });
  }

  hostAt(index: number): SimMachine {
    const host = this.hosts[index];
    if (!host) throw new RangeError(`there is no host ${index}`);
    return host;
  }

  /** Asks for a rotation of the fleet; it is recorded as time goes on. */
  rotate(): void {
    const [fleetId = '', ...others] = this.fleetIds;
    const { strategy } = this;
    if (strategy === 'sync') driftBefore(this);
    if (strategy === 'refresh') this.ca.revoked += 1;
    const asked = {
      fleetId,
      together: goesTogether(strategy) ? others : [],
      ...wishesOf(strategy, this.random),
    };
    void this.operator.start({ ...asked, requestedBy: 'operator', reason: 'simulation' });
  }

  private get revocation(): Revocation {
    return this.options.revocation ?? 'none';
  }

  private get strategy(): Strategy {
    return this.options.strategy ?? 'overlap';
  }

  /** The newest rotation as its journal tells it. */
  get state(): RotationState | undefined {
    return this.observer.stateOf(`rotation-${this.ids}`);
  }

  /** SIGKILL, and a new process in its place a little later. */
  crash(process: SimProcess, restartAfterMs: number): void {
    if (!process.alive || process.name === 'operator') return;
    process.crash();
    const index = this.workers.indexOf(process);
    if (index >= 0) this.workers.splice(index, 1);
    this.time.after(restartAfterMs, () => this.startWorker(process.name));
  }

  startWorker(name: string): void {
    this.incarnations += 1;
    const process = new SimProcess(name, this.time, this.random.between(-10_000, 10_000));
    this.workers.push(process);
    const { parts, wakeups } = this.partsOf(process);
    const commands = this.commandsOf(process);
    const journal = new SimJournal(new DatabaseLink(process, this.network), this.journal);
    const log = {
      info: () => undefined,
      warn: ({ error }: { error?: unknown }) => error !== undefined && this.judgeFailure(error),
      error: ({ error }: { error?: unknown }) => this.judgeFailure(error),
    };
    const holder = `${name}#${this.incarnations}`;
    const runner = new Runner(journal, wakeups, parts.clock, new Perform(parts), holder, log);
    const store = new MemoryScheduleStore(this.database);
    const observations = new MemoryObservationStore(this.database);
    const schedules = new Schedules({ ...parts, schedules: store, observations }, commands, wakeups);
    void new WorkerLoop(runner, commands, schedules, wakeups, parts.clock, log).start(8);
  }

  /** What ports report is the world's doing; anything else that ends a drive is a defect of the engine. */
  private judgeFailure(error: unknown): void {
    if (!(error instanceof PortError)) this.observer.report('defect', String(error));
  }

  private commandsOf(process: SimProcess): RotationCommands {
    const link = new DatabaseLink(process, this.network);
    const direct = process.name === 'operator';
    const journal = direct ? this.journal : new SimJournal(link, this.journal);
    const rotations = direct ? this.rotations : new SimRotationStore(link, this.rotations);
    const fleets = new MemoryFleetStore(this.database);
    const wakeups = new SimWakeups(process, this.network, this.queue);
    return new RotationCommands(fleets, rotations, journal, wakeups, new SimClock(process, this.time), () => {
      this.ids += 1;
      return `rotation-${this.ids}`;
    });
  }

  private partsOf(process: SimProcess): { parts: Ports; wakeups: SimWakeups } {
    const link = new DatabaseLink(process, this.network);
    const parts: Ports = {
      fleets: new SimFleetStore(link, new MemoryFleetStore(this.database)),
      rotations: new SimRotationStore(link, this.rotations),
      hosts: new SimGateway(process, this.network, this.byAddress, this.revocation),
      probe: new SimProbe(process, this.network, this.byAddress, SHORT_LIVED_UNTIL),
      ca: new SimCaSource(process, this.network, this.ca),
      verifier: new SimVerifier(),
      mint: new SimMint(),
      clock: new SimClock(process, this.time),
    };
    return { parts, wakeups: new SimWakeups(process, this.network, this.queue) };
  }

  private makeHost(index: number, content: string): SimMachine {
    const rate = 1 + this.random.between(-10, 10) / 1000;
    const host = new SimMachine(
      `host-${index + 1}`,
      content,
      this.time,
      this.random.fork(),
      rate,
      (one, what) => {
        this.observer.changed(one, what);
        for (const listener of this.hostListeners) listener(one, what);
      },
    );
    this.byAddress.set(addressOf(index), host);
    return host;
  }
}
