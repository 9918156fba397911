import type { z } from 'zod';
import { redact } from '#platform';
import { blocksOf, explain, hostViews, type RotationState, resultOf, statusOf } from '#rotation';
import { Rotation } from './rotation-schemas.js';

/** A rotation as its journal tells it, in the shape that people and programs read. */
export function rotationReply(state: RotationState): z.output<typeof Rotation> {
  const { snapshot, ended } = state;
  const { rotationId, fleetId, fleetName, strategy, requestedBy, reason } = snapshot;
  return Rotation.parse(
    redact({
      ...{ id: rotationId, fleetId, fleetName, strategy, requestedBy, reason },
      ...{ status: statusOf(state), phase: state.phase, phaseSince: state.phaseSince },
      ...{ version: state.sequence, createdAt: state.requestedAt, updatedAt: state.updatedAt },
      endedAt: ended?.at ?? null,
      explanation: explain(state),
      decisions: decisions(state),
      blocks: blocks(state),
      ...{ paused: state.paused, abort: state.abort },
      hosts: hosts(state),
      ca: issuers(state),
      generations: generations(state),
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
  const { waves } = state.snapshot;
  return hostViews(state).map((view) => ({
    ...view,
    wave: waves.findIndex((wave) => wave.includes(view.hostId)),
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

function generations(state: RotationState): object {
  const built = resultOf(state, 'generations.build');
  return {
    old: state.snapshot.old,
    overlap: built?.overlap ?? null,
    new: built?.next ?? null,
    trustDiff: built?.trustDiff ?? null,
  };
}
