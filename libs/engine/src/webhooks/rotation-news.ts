import {
  blocksOf,
  explain,
  fleetsOf,
  type RotationState,
  statusOf,
  trustDiffDigest,
  trustDiffInWords,
  usageVerdict,
} from '#rotation';
import type { JournalEntry } from '../ports/journal.js';
import type { WebhookEvent } from '../ports/webhook-store.js';
import { cloudEvent } from './cloud-event.js';
import type { WebhookEventType } from './event-types.js';
import type { RotationSight } from './rotation-sight.js';

type Kind =
  Extract<WebhookEventType, `dev.windlass.rotation.${string}`> extends `dev.windlass.rotation.${infer K}`
    ? K
    : never;

/** Blocks that one body names; `blockCount` counts them all. */
const MOST_BLOCKS = 50;
/** Characters of an explanation; the API has all of it. */
const LONGEST = 4_000;

/** What others are told of one entry: the difference between the rotation before it and after it. Pure. */
export function newsOf(
  before: RotationSight | null,
  after: RotationSight,
  state: RotationState,
  { sequence, at }: Pick<JournalEntry, 'sequence' | 'at'>,
): readonly WebhookEvent[] {
  return kindsOf(before, after).map((kind) => {
    const id = `${state.snapshot.rotationId}:${sequence}:${kind}`;
    const type = `dev.windlass.rotation.${kind}` as const;
    const data = { ...standing(state, sequence), ...PARTICULARS[kind](state, before) };
    const subject = `/v1/rotations/${state.snapshot.rotationId}`;
    const event = cloudEvent(state.snapshot.installation, { id, type, subject, time: at, data });
    const fleetIds = fleetsOf(state.snapshot).map(({ fleetId }) => fleetId);
    return { id, type, fleetIds, at, body: JSON.stringify(event) };
  });
}

function kindsOf(before: RotationSight | null, after: RotationSight): readonly Kind[] {
  const { status } = after;
  const kinds: Kind[] = [];
  if (before === null) kinds.push('started');
  // An end has an event of its own.
  else if (before.phase !== after.phase && after.phase !== 'done') kinds.push('phase-changed');
  if (status === 'paused' && before?.status !== 'paused') kinds.push('paused');
  if (status === 'blocked' && blocksAnew(before, after)) kinds.push('blocked');
  if (status === 'running' && (before?.status === 'paused' || before?.status === 'blocked'))
    kinds.push('resumed');
  if (after.gate !== null && after.gate !== before?.gate) kinds.push('gate-held');
  if (after.approval !== null && after.approval !== before?.approval) kinds.push('approval-awaited');
  if (ENDS.has(status)) kinds.push(status as Kind);
  return kinds;
}

const ENDS: ReadonlySet<string> = new Set(['succeeded', 'reverted', 'refused']);

function blocksAnew(before: RotationSight | null, after: RotationSight): boolean {
  if (before?.status !== 'blocked') return true;
  return [...after.blocks].some((block) => !before.blocks.has(block));
}

/** What every body has. */
function standing(state: RotationState, sequence: number): object {
  const { rotationId, strategy, requestedBy, reason } = state.snapshot;
  const fleets = fleetsOf(state.snapshot).map(({ fleetId, fleetName }) => ({ id: fleetId, name: fleetName }));
  return {
    ...{ rotationId, sequence, fleets, strategy, requestedBy, reason },
    ...{ status: statusOf(state), phase: state.phase, explanation: explain(state).slice(0, LONGEST) },
  };
}

/** What each kind adds. */
const PARTICULARS: Readonly<Record<Kind, (state: RotationState, before: RotationSight | null) => object>> = {
  started: () => ({}),
  'phase-changed': (_state, before) => ({ previousPhase: before?.phase }),
  paused: ({ paused }) => ({ paused: paused && { ...paused, reason: told(paused.reason) } }),
  blocked: (state) => {
    const blocks = blocksOf(state);
    return { blocks: blocks.slice(0, MOST_BLOCKS).map(inWords(state)), blockCount: blocks.length };
  },
  resumed: (_state, before) => ({ previousStatus: before?.status }),
  'gate-held': (state) => {
    const { because = '', opensAt = null, users = [], count = 0 } = usageVerdict(state) ?? {};
    return { gate: { because, opensAt, users, count } };
  },
  'approval-awaited': (state) => ({
    approval: { trustDiff: trustDiffInWords(state), trustDiffDigest: trustDiffDigest(state) },
  }),
  succeeded: endOf,
  reverted: endOf,
  refused: endOf,
};

function endOf({ ended }: RotationState): object {
  return { because: ended?.because ?? '' };
}

function inWords(state: RotationState) {
  return ({ hostId, since, reason }: ReturnType<typeof blocksOf>[number]) => ({
    host: hostId === null ? null : { id: hostId, name: state.snapshot.hostNames[hostId] ?? hostId },
    since,
    reason: told(reason),
  });
}

/** Without what a tool said: that may be long, and is for those who may read the API. */
function told({ code, message, nextStep }: { code: string; message: string; nextStep: string }): object {
  return { code, message, nextStep };
}
