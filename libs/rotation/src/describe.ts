import { awaitsApproval, isApproved, needsApproval, trustDiffDigest, trustDiffOf } from './approval.js';
import { batchesOf } from './batches.js';
import { explain } from './explain.js';
import { fleetOfHost, generationsFor } from './fleets.js';
import { perSnapshot } from './per-snapshot.js';
import { type RotationState, resultOf } from './state.js';
import { blocksOf, eachHostView, type HostView, isHeld, statusOf } from './status.js';
import { usageVerdict } from './usage-gate.js';
import type { GenerationRef } from './vocabulary.js';

/** A rotation in the shape in which people and programs read it. */
export type RotationDescription = ReturnType<typeof describeRotation>;

/**
 * A rotation as its journal tells it, in the shape of the API's reply: wherever the journal is folded, in the API or
 * in a browser that follows the events, it reads the same.
 */
export function describeRotation(state: RotationState) {
  return { ...describeWithoutHosts(state), hosts: [...describeHosts(state)] };
}

/** The same without its hosts, of which there may be ten thousand. */
export function describeWithoutHosts(state: RotationState) {
  const { snapshot, ended } = state;
  const { rotationId, fleetId, fleetName, strategy, requestedBy, reason } = snapshot;
  return {
    ...{ id: rotationId, fleetId, fleetName, strategy, requestedBy, reason },
    ...{ status: statusOf(state), phase: state.phase, phaseSince: state.phaseSince },
    ...{ version: state.sequence, revision: state.revision },
    ...{ createdAt: state.requestedAt, updatedAt: state.updatedAt, endedAt: ended?.at ?? null },
    explanation: explain(state),
    decisions: decisions(state),
    blocks: blocks(state),
    ...{ paused: state.paused && { ...state.paused, effective: isHeld(state) }, abort: state.abort },
    ...{ gate: gate(state), approval: approval(state) },
    decommissioned: decommissioned(state),
    ca: issuers(state),
    generations: generations(state, fleetId, snapshot.old),
    otherFleets: snapshot.otherFleets.map(({ fleetId, fleetName, old }) => ({
      ...{ fleetId, fleetName, generations: generations(state, fleetId, old) },
    })),
  };
}

function decisions({ decisions }: RotationState) {
  return [...decisions.values()].map(({ decision, because, at }) => ({ ...decision, because, at }));
}

function blocks(state: RotationState) {
  const { hostNames } = state.snapshot;
  return blocksOf(state).map((block) => ({
    ...block,
    host: block.hostId === null ? null : (hostNames[block.hostId] ?? block.hostId),
  }));
}

/** Its hosts, one after another. A host that nothing happened to is the same object as in an earlier state. */
export function* describeHosts(state: RotationState) {
  const describe = describerOf(state.snapshot);
  for (const view of eachHostView(state)) yield describe(view);
}

/** What stands in the snapshot beside each view; for the same view the same object. */
const describerOf = perSnapshot((snapshot) => {
  const wave = places(snapshot.waves);
  const batch = places(batchesOf(snapshot));
  const describe = (view: HostView) => ({
    ...view,
    ...{ wave: wave.get(view.hostId), batch: batch.get(view.hostId) },
    fleetId: fleetOfHost(snapshot, view.hostId).fleetId,
  });
  const known = new WeakMap<HostView, ReturnType<typeof describe>>();
  return (view: HostView) => {
    const before = known.get(view);
    if (before !== undefined) return before;
    const described = describe(view);
    known.set(view, described);
    return described;
  };
});

/** Which of the groups each host is in. */
function places(groups: readonly (readonly string[])[]): ReadonlyMap<string, number> {
  return new Map(groups.flatMap((hosts, index) => hosts.map((host) => [host, index] as const)));
}

function gate(state: RotationState) {
  if (state.snapshot.contractWhen !== 'unused') return null;
  const nothing = { open: null, because: null, opensAt: null, judgedAt: null, users: [], count: 0 };
  return { ...nothing, ...usageVerdict(state), override: state.override };
}

function approval(state: RotationState) {
  if (!needsApproval(state)) return null;
  const given = state.approval && {
    ...{ by: state.approval.by, at: state.approval.at },
    ...{ trustDiffDigest: state.approval.digest, counts: isApproved(state) },
  };
  return { awaited: awaitsApproval(state), given };
}

function decommissioned({ decommissioned, snapshot }: RotationState) {
  return [...decommissioned].map(([hostId, given]) => ({
    ...{ hostId, host: snapshot.hostNames[hostId] ?? hostId },
    ...given,
  }));
}

function issuers(state: RotationState) {
  const survey = resultOf(state, 'ca.survey');
  const prepared = resultOf(state, 'ca.prepare');
  return {
    product: survey?.product ?? null,
    oldIssuerId: survey?.defaultIssuerId ?? null,
    newIssuer: prepared && {
      id: prepared.issuerId,
      name: prepared.issuerName,
      subject: prepared.subject,
      notAfter: prepared.notAfter,
    },
  };
}

function generations(state: RotationState, fleetId: string, old: GenerationRef) {
  const built = generationsFor(state, fleetId);
  const samples = resultOf(state, 'samples.verify')?.byFleet?.find((one) => one.fleetId === fleetId);
  return {
    old,
    overlap: built?.overlap ?? null,
    new: built?.next ?? null,
    trustDiff: trustDiffOf(state, fleetId),
    trustDiffDigest: trustDiffDigest(state),
    verifiedBy: samples?.verifiedBy ?? null,
  };
}
