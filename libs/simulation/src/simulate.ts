import { createHash } from 'node:crypto';
import type { Revocation, SampleClient } from '#engine';
import {
  type Approval,
  awaitsApproval,
  type ContractWhen,
  explain,
  hostsInTheWay,
  isGateOpen,
  isHeld,
  type RotationState,
  type Strategy,
  statusOf,
  trustDiffDigest,
  usageVerdict,
} from '#rotation';
import { FAULT_NAMES, FAULTS, type FaultName } from './faults.js';
import type { Breach } from './observer.js';
import { Random } from './random.js';
import { drawStrategy, goesTogether, revocationOf } from './sim-strategies.js';
import { BEGIN, World } from './world.js';

export interface SimulationOptions {
  readonly seed: number;
  /** Exactly these; drawn from the seed when left out. */
  readonly faults?: readonly FaultName[] | undefined;
  /** The process that reaches its so-manieth boundary is killed there; 0 for none. */
  readonly crashAt?: number;
  readonly hosts?: number;
  readonly workers?: number;
  /** Fleets that share the CA: 1, or 2. */
  readonly fleets?: number;
  readonly samples?: readonly SampleClient[];
  /** Drawn when left out. */
  readonly strategy?: Strategy;
  /** Drawn when left out. */
  readonly contractWhen?: ContractWhen;
  /** Drawn when left out. */
  readonly approval?: Approval;
  /** Whether hosts have CRLs; drawn when left out. */
  readonly revocation?: Revocation;
  /** Milliseconds after the beginning until which a client of the old CA does not renew; drawn when left out. */
  readonly heldUntil?: number;
  /** Whatever else shall befall the world. */
  readonly arrange?: (world: World) => void;
  /** Called for every boundary, for people who want to see. */
  readonly onBoundary?: (at: number, process: string, label: string) => void;
}

export interface Enacted {
  readonly world: World;
  readonly state: RotationState;
  readonly result: SimulationResult;
}

export interface SimulationResult {
  readonly seed: number;
  readonly faults: readonly FaultName[];
  readonly status: string;
  readonly explanation: string;
  readonly breaches: readonly Breach[];
  /** Milliseconds of virtual time. */
  readonly took: number;
  readonly events: number;
  readonly boundaries: number;
  readonly entries: number;
  /** The same for two runs that were the same. */
  readonly trace: string;
}

/** Behind this everything has healed, and people see to what waits for them. */
const CALM_MS = 6 * 60_000;
const LIMIT_MS = 3_600_000;
/** A world that is this busy runs in circles. */
const MOST_EVENTS = 200_000;
const LOOK_EVERY_MS = 30_000;
/** Longer than any world lasts. */
const FOR_EVER_MS = 30 * 86_400_000;

/** Runs one world to its end: the real engine, and what the seed has in store for it. */
export async function simulate(options: SimulationOptions): Promise<SimulationResult> {
  return (await enact(options)).result;
}

/** The same, and the world as it was in the end. */
export async function enact(options: SimulationOptions): Promise<Enacted> {
  const random = new Random(options.seed ^ 0x5eed);
  const hosts = options.hosts ?? random.between(2, 6);
  const workers = options.workers ?? random.between(2, 3);
  const { seed, samples = [] } = options;
  const strategy = options.strategy ?? drawStrategy(new Random(seed ^ 0x57a7));
  const several = hosts > 3 && random.chance(0.25) && goesTogether(strategy);
  const fleets = options.fleets ?? (several ? 2 : 1);
  const gate = gateOf(new Random(seed ^ 0x6a7e), options);
  const approval = options.approval ?? (new Random(seed ^ 0xa9).chance(0.3) ? 'contract' : 'none');
  const world = new World({
    seed,
    hosts,
    workers,
    fleets,
    samples,
    strategy,
    soakSeconds: 10,
    approval,
    revocation: options.revocation ?? revocationOf(seed, strategy),
    ...gate,
  });
  world.ca.lastHeldUntil = gate.heldUntil;
  const faults = options.faults ?? drawFaults(random);
  const trace = traceOf(world, options.onBoundary);
  if (options.crashAt) world.crashAt(options.crashAt, 3_000);
  for (const fault of faults) FAULTS[fault].strike(world);
  options.arrange?.(world);
  world.rotate();
  revokeNowAndThen(world, new Random(seed ^ 0xc41));
  attendAfterwards(world);
  const over = () => world.observer.breaches.length > 0 || (world.state?.ended ?? null) !== null;
  await world.time.run(over, BEGIN + LIMIT_MS, MOST_EVENTS);
  const { state } = world;
  if (!state) throw new Error('the rotation was never recorded');
  if (!state.ended) world.observer.report('ends', `it stands still: ${statusOf(state)}: ${explain(state)}`);
  world.observer.finish(state.snapshot.rotationId);
  return { world, state, result: resultOf(world, state, options.seed, faults, trace()) };
}

/** Half of the worlds ask who needs the old CA, and in some of them somebody does: for a while, or for ever. */
function gateOf(random: Random, { contractWhen, heldUntil }: SimulationOptions) {
  const drawn = random.pick([0, 0, random.between(1, 20 * 60_000), FOR_EVER_MS]);
  const when = contractWhen ?? (random.chance(0.5) ? 'unused' : 'soaked');
  return { contractWhen: when, heldUntil: BEGIN + (when === 'unused' ? (heldUntil ?? drawn) : 0) };
}

function traceOf(world: World, onBoundary: SimulationOptions['onBoundary']): () => string {
  const trace = createHash('sha256');
  world.onBoundary((at, process, label) => {
    trace.update(`${at} ${process} ${label}\n`);
    onBoundary?.(at - BEGIN, process, label);
  });
  return () => trace.digest('hex').slice(0, 16);
}

function drawFaults(random: Random): readonly FaultName[] {
  const count = random.between(0, 4);
  return Array.from({ length: count }, () => random.pick(FAULT_NAMES));
}

/** A CA revokes somebody twice, and people have the CRLs looked at; that is too early or too late in many a world. */
function revokeNowAndThen(world: World, random: Random): void {
  if (world.options.revocation !== 'crl') return;
  const retry = () => world.wish((commands, wish) => commands.retry(wish));
  for (let count = 0; count < 2; count += 1) {
    const at = random.between(5_000, CALM_MS + 120_000);
    world.time.after(at, () => {
      world.ca.revoked += 1;
      retry();
    });
    world.time.after(at + 20_000, retry);
  }
}

/** The person on call: resumes what is paused, and gives up what is gone for good. */
function attendAfterwards(world: World): void {
  const look = () => {
    const { state } = world;
    if (!state || state.ended) return;
    attend(world, state);
    world.time.after(LOOK_EVERY_MS, look);
  };
  world.time.after(CALM_MS, look);
}

function attend(world: World, state: RotationState): void {
  // Among several fleets the name of a host is `fleet/host`.
  const nameOf = (host: string) => state.snapshot.hostNames[host]?.split('/').at(-1) ?? '';
  const dead = hostsInTheWay(state).find((host) => world.gone.has(nameOf(host)));
  if (dead) {
    const hostId = dead;
    world.wish((commands, wish) => commands.decommission({ ...wish, hostId, because: 'it burnt down' }));
  } else if (isStuckAtGate(state)) {
    world.wish((commands, wish) => commands.override({ ...wish, because: 'the straggler was scrapped' }));
  } else if (awaitsApproval(state)) {
    approve(world, state);
  } else if (isHeld(state)) {
    world.wish((commands, wish) => commands.resume(wish));
  }
}

/** Who asked tries as well, and is refused. */
function approve(world: World, state: RotationState): void {
  const digest = trustDiffDigest(state) ?? '';
  for (const by of ['operator', 'second person']) {
    world.wish((commands, wish) => commands.approve({ ...wish, trustDiffDigest: digest }), by);
  }
}

/** Nobody waits for a client that will never renew. */
function isStuckAtGate(state: RotationState): boolean {
  const opensAt = usageVerdict(state)?.opensAt ?? null;
  return (
    state.phase === 'soak' && !isGateOpen(state) && opensAt !== null && Date.parse(opensAt) > BEGIN + LIMIT_MS
  );
}

function resultOf(
  world: World,
  state: RotationState,
  seed: number,
  faults: readonly FaultName[],
  trace: string,
): SimulationResult {
  return {
    ...{ seed, faults, trace, status: statusOf(state), explanation: explain(state) },
    breaches: world.observer.breaches,
    took: world.time.now() - BEGIN,
    events: world.time.events,
    boundaries: world.boundaries,
    entries: state.sequence,
  };
}
