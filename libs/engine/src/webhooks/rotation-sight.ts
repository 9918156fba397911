import {
  awaitsApproval,
  blocksOf,
  isGateOpen,
  type RotationEvent,
  type RotationPhase,
  type RotationState,
  type RotationStatus,
  statusOf,
  trustDiffDigest,
  usageVerdict,
} from '#rotation';

/** What of a rotation is told to others when it changes. */
export interface RotationSight {
  readonly status: RotationStatus;
  readonly phase: RotationPhase;
  /** Each as `<host id>|<code>`. */
  readonly blocks: ReadonlySet<string>;
  /** Why the gate is closed, or null. */
  readonly gate: string | null;
  /** Digest of the change of trust that waits for a second person, or null. */
  readonly approval: string | null;
}

/** `before`: the sight that it follows on. */
export function sightOf(state: RotationState, before: RotationSight | null): RotationSight {
  return {
    status: statusOf(state),
    phase: state.phase,
    blocks: new Set(blocksOf(state).map(({ hostId, reason }) => `${hostId}|${reason.code}`)),
    ...(isJudging(state) && before ? keptBy(before) : waitOf(state)),
  };
}

/** While the gate is looked at again nobody knows what is waited for: what was found last still counts. */
function isJudging(state: RotationState): boolean {
  return state.phase === 'soak' && !isGateOpen(state) && usageVerdict(state) === null;
}

function keptBy({ gate, approval }: RotationSight): Pick<RotationSight, 'gate' | 'approval'> {
  return { gate, approval };
}

function waitOf(state: RotationState): Pick<RotationSight, 'gate' | 'approval'> {
  const held = state.phase === 'soak' && !isGateOpen(state);
  return {
    gate: held ? (usageVerdict(state)?.because ?? null) : null,
    approval: awaitsApproval(state) ? trustDiffDigest(state) : null,
  };
}

/** The work between two decisions, by itself. */
const NEVER_SEEN: ReadonlySet<RotationEvent['type']> = new Set(['effect.intended', 'deadlines.renewed']);

/**
 * Whether the entry may have changed the sight. A look at every entry would cost the square of the number of hosts:
 * an effect that succeeded changes what is seen only where something stood in the way, or something waits for it.
 */
export function mayShow(
  before: RotationSight | null,
  state: RotationState,
  type: RotationEvent['type'],
): boolean {
  if (NEVER_SEEN.has(type)) return false;
  if (before === null || type !== 'effect.succeeded') return true;
  const quiet = before.status === 'running' && before.blocks.size === 0 && state.paused === null;
  return !quiet || state.phase === 'soak' || state.phase !== before.phase;
}
