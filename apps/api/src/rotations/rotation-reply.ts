import type { Response } from 'express';
import type { z } from 'zod';
import { redact } from '#platform';
import {
  awaitsApproval,
  batchesOf,
  blocksOf,
  explain,
  fleetOfHost,
  type GenerationRef,
  generationsFor,
  hostViews,
  isApproved,
  isHeld,
  needsApproval,
  type RotationState,
  resultOf,
  statusOf,
  trustDiffDigest,
  trustDiffOf,
  usageVerdict,
} from '#rotation';
import { etagOf } from './if-match.js';
import { Rotation } from './rotation-schemas.js';

/** The rotation as a reply, with its ETag. */
export function sendRotation(state: RotationState, response: Response): z.output<typeof Rotation> {
  response.set('ETag', etagOf(state));
  return rotationReply(state);
}

/** A rotation as its journal tells it, in the shape that people and programs read. */
function rotationReply(state: RotationState): z.output<typeof Rotation> {
  const { snapshot, ended } = state;
  const { rotationId, fleetId, fleetName, strategy, requestedBy, reason } = snapshot;
  return Rotation.parse(
    redact({
      ...{ id: rotationId, fleetId, fleetName, strategy, requestedBy, reason },
      ...{ status: statusOf(state), phase: state.phase, phaseSince: state.phaseSince },
      ...{ version: state.sequence, revision: state.revision },
      ...{ createdAt: state.requestedAt, updatedAt: state.updatedAt, endedAt: ended?.at ?? null },
      explanation: explain(state),
      decisions: decisions(state),
      blocks: blocks(state),
      ...{ paused: state.paused && { ...state.paused, effective: isHeld(state) }, abort: state.abort },
      ...{ gate: gate(state), approval: approval(state) },
      ...{ hosts: hosts(state), decommissioned: decommissioned(state) },
      ca: issuers(state),
      generations: generations(state, state.snapshot.fleetId, state.snapshot.old),
      otherFleets: state.snapshot.otherFleets.map(({ fleetId, fleetName, old }) => ({
        ...{ fleetId, fleetName, generations: generations(state, fleetId, old) },
      })),
    }),
  );
}

function decisions({ decisions }: RotationState): object[] {
  return [...decisions.values()].map(({ decision, because, at }) => ({ ...decision, because, at }));
}

function blocks(state: RotationState): object[] {
  const { hostNames } = state.snapshot;
  return blocksOf(state).map((block) => ({
    ...block,
    host: block.hostId === null ? null : (hostNames[block.hostId] ?? block.hostId),
  }));
}

function hosts(state: RotationState): object[] {
  const wave = places(state.snapshot.waves);
  const batch = places(batchesOf(state.snapshot));
  return hostViews(state).map((view) => ({
    ...view,
    ...{ wave: wave.get(view.hostId), batch: batch.get(view.hostId) },
    fleetId: fleetOfHost(state.snapshot, view.hostId).fleetId,
  }));
}

/** Which of the groups each host is in. */
function places(groups: readonly (readonly string[])[]): ReadonlyMap<string, number> {
  return new Map(groups.flatMap((hosts, index) => hosts.map((host) => [host, index] as const)));
}

function gate(state: RotationState): object | null {
  if (state.snapshot.contractWhen !== 'unused') return null;
  const nothing = { open: null, because: null, opensAt: null, judgedAt: null, users: [], count: 0 };
  return { ...nothing, ...usageVerdict(state), override: state.override };
}

function approval(state: RotationState): object | null {
  if (!needsApproval(state)) return null;
  const given = state.approval && {
    ...{ by: state.approval.by, at: state.approval.at },
    ...{ trustDiffDigest: state.approval.digest, counts: isApproved(state) },
  };
  return { awaited: awaitsApproval(state), given };
}

function decommissioned({ decommissioned, snapshot }: RotationState): object[] {
  return [...decommissioned].map(([hostId, given]) => ({
    ...{ hostId, host: snapshot.hostNames[hostId] ?? hostId },
    ...given,
  }));
}

function issuers(state: RotationState): object {
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

function generations(state: RotationState, fleetId: string, old: GenerationRef): object {
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
