import type { HostEffect } from '#rotation';
import type { SwitchReport } from '../ports/host-gateway.js';
import { PortError } from '../ports/problem.js';
import { type EffectContext, hostOf, sidesOf, tokenOf } from './context.js';

export async function stage(context: EffectContext, effect: HostEffect) {
  const { near, far } = await sidesOf(context, effect.transition);
  const host = hostOf(context, effect.hostId);
  await context.ports.hosts.stage(host, tokenOf(context), near.digest, {
    digest: far.digest,
    content: far.content,
  });
  return {};
}

export async function commit(context: EffectContext, effect: HostEffect) {
  const { near, far } = await sidesOf(context, effect.transition);
  const host = hostOf(context, effect.hostId);
  return reported(await context.ports.hosts.commit(host, tokenOf(context), near.digest, far.digest));
}

/** Gives up the way back, then looks once more: nothing is activated on a host that was not seen after `keep` (I7). */
export async function confirm(context: EffectContext, effect: HostEffect) {
  const { far } = await sidesOf(context, effect.transition);
  const host = hostOf(context, effect.hostId);
  await context.ports.hosts.confirm(host, tokenOf(context), far.digest);
  const observed = await context.ports.hosts.observe(host);
  const stray = observed.files.find(({ digest }) => digest !== far.digest);
  if (!stray) return { digest: far.digest };
  throw new PortError({
    code: 'host.drift',
    message: `${host.name}: ${stray.path} was changed by somebody after it was switched.`,
    nextStep: `Put the bundle with SHA-256 ${far.digest} back, or find who edits the file; Windlass looks again by itself.`,
  });
}

export async function discard(context: EffectContext, effect: HostEffect) {
  await context.ports.hosts.discard(hostOf(context, effect.hostId), tokenOf(context));
  return {};
}

export async function revert(context: EffectContext, effect: HostEffect) {
  const { near, far } = await sidesOf(context, effect.transition);
  const host = hostOf(context, effect.hostId);
  return reported(await context.ports.hosts.revert(host, tokenOf(context), near.digest, far.digest));
}

function reported({ digest, workers, draining, reloaded }: SwitchReport) {
  return { digest, workers, draining, reloaded };
}
