import {
  type HostEffect,
  isRefreshing,
  overlapsOf,
  type RotationState,
  type TransitionName,
} from '#rotation';
import type { Generation, HostRecord } from '../ports/fleet-store.js';
import type { ConfirmReport, SwitchReport } from '../ports/host-gateway.js';
import { PortError } from '../ports/problem.js';
import { type EffectContext, hostOf, oldOf, type Sides, sidesOf } from './context.js';
import { proveServing, proveSwitched } from './prove.js';
import { putBack } from './put-back.js';
import { saveSessions } from './save-sessions.js';
import { shutOutBy } from './shut-out.js';

export async function stage(context: EffectContext, effect: HostEffect) {
  const { near, far } = await sidesOf(context, effect.transition, effect.hostId);
  const host = hostOf(context, effect.hostId);
  if (near.digest === far.digest) {
    await requireThere(context, host, far);
    return {};
  }
  // While the host is busy with its test; a vote is young when `go` comes, and so are the sessions.
  const saving = shutOutBy(context, near, far).then((shutOut) => saveSessions(context, host, shutOut));
  await Promise.all([stageFrom(context, host, near.digest, far), saving]);
  return {};
}

export async function commit(context: EffectContext, effect: HostEffect) {
  const { near, far } = await sidesOf(context, effect.transition, effect.hostId);
  if (near.digest === far.digest) return untouched(far);
  const host = hostOf(context, effect.hostId);
  await context.together();
  return reported(await commitFrom(context, host, near.digest, far));
}

/** Lets a switched host wait for the decision of the fleet another `deadlineMs`. */
export async function renew(context: EffectContext, hostId: string, deadlineMs: number): Promise<void> {
  const { near, far } = await sidesOf(context, switchOf(context.state), hostId);
  if (near.digest === far.digest) return;
  await context.ports.hosts.renew(hostOf(context, hostId), context.token(), far.digest, deadlineMs);
}

function switchOf(state: RotationState): TransitionName {
  if (isRefreshing(state)) return 'refresh';
  return state.decisions.has(`contract.${state.attempt.contract}`) ? 'contract' : 'expand';
}

/**
 * After `keep`: the host gives up its way back, and is seen on the far side with no timer armed (I7). One that
 * went back by itself meanwhile, or that was restored from an older state of this rotation, is switched anew.
 */
export async function confirm(context: EffectContext, effect: HostEffect) {
  const sides = await sidesOf(context, effect.transition, effect.hostId);
  const host = hostOf(context, effect.hostId);
  if (sides.near.digest === sides.far.digest) return confirmThere(context, host, sides);
  const { report, reapplied } = await confirmOrReapply(context, effect, host, sides);
  if (report.armedForMs !== null) throw stillArmed(host);
  await proveServing(context, host, sides.far, sides.near);
  context.sessions.forget(context.state.snapshot.rotationId, effect.hostId);
  return { digest: report.digest, reapplied };
}

async function confirmOrReapply(
  context: EffectContext,
  effect: HostEffect,
  host: HostRecord,
  sides: Sides,
): Promise<{ report: ConfirmReport; reapplied: boolean }> {
  const { hosts } = context.ports;
  const confirmHost = () => hosts.confirm(host, context.token(), sides.far.digest);
  try {
    return { report: await confirmHost(), reapplied: false };
  } catch (error) {
    if (!(error instanceof PortError) || error.problem.code !== 'host.not-armed') throw error;
  }
  const from = await whereItStands(context, host, sides);
  await stageFrom(context, host, from, sides.far);
  await commitFrom(context, host, from, sides.far);
  await proveSwitched(context, effect);
  return { report: await confirmHost(), reapplied: true };
}

/** A host that is not on the far side must be on one that this rotation knows; all else is somebody's edit (I1). */
async function whereItStands(
  context: EffectContext,
  host: HostRecord,
  { near, far }: Sides,
): Promise<string> {
  const { files } = await context.ports.hosts.observe(host);
  const before = overlapsOf(context.state, context.fleet.id).map(({ digest }) => digest);
  const known = [near.digest, far.digest, oldOf(context).digest, ...before];
  const stray = files.find(({ digest }) => digest === null || !known.includes(digest));
  if (stray) throw drifted(host, stray.path, far);
  return files[0]?.digest ?? near.digest;
}

export async function discard(context: EffectContext, effect: HostEffect) {
  context.sessions.forget(context.state.snapshot.rotationId, effect.hostId);
  await context.ports.hosts.discard(hostOf(context, effect.hostId), context.token());
  return {};
}

export async function revert(context: EffectContext, effect: HostEffect) {
  const sides = await sidesOf(context, effect.transition, effect.hostId);
  if (sides.near.digest === sides.far.digest) return untouched(sides.near);
  return reported(await putBack(context, hostOf(context, effect.hostId), sides));
}

/** A host that was found in sync is proven like all others, and not touched. */
async function requireThere(context: EffectContext, host: HostRecord, far: Generation): Promise<void> {
  const { files } = await context.ports.hosts.observe(host);
  const stray = files.find(({ digest }) => digest !== far.digest);
  if (stray) throw drifted(host, stray.path, far);
}

async function confirmThere(context: EffectContext, host: HostRecord, { near, far }: Sides) {
  await requireThere(context, host, far);
  await proveServing(context, host, far, near);
  return { digest: far.digest, reapplied: false };
}

function untouched({ digest }: Generation) {
  return { digest, workers: [], draining: [], reloaded: false };
}

async function stageFrom(context: EffectContext, host: HostRecord, from: string, far: Generation) {
  const { voteMs } = context.state.snapshot.timing;
  const bundle = { digest: far.digest, content: far.content };
  await context.ports.hosts.stage(host, context.token(), from, bundle, voteMs);
}

function commitFrom(context: EffectContext, host: HostRecord, from: string, far: Generation) {
  const { deadlineMs } = context.state.snapshot.timing;
  return context.ports.hosts.commit(host, context.token(), from, far.digest, deadlineMs);
}

function reported({ digest, workers, draining, reloaded }: SwitchReport) {
  return { digest, workers, draining, reloaded };
}

function drifted(host: HostRecord, path: string, far: Generation): PortError {
  return new PortError({
    code: 'host.drift',
    message: `${host.name}: ${path} was changed by somebody after it was switched.`,
    nextStep: `Put the bundle with SHA-256 ${far.digest} back, or find who edits the file; Windlass looks again by itself.`,
  });
}

function stillArmed(host: HostRecord): PortError {
  return new PortError(
    {
      code: 'host.still-armed',
      message: `${host.name} says that it would still go back by itself.`,
      nextStep: 'Windlass confirms it again by itself.',
    },
    { transient: true },
  );
}
