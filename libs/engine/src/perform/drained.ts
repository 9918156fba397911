import type { EffectRecord, HostEffect } from '#rotation';
import type { HostRecord } from '../ports/fleet-store.js';
import type { NginxWorker } from '../ports/host-gateway.js';
import { PortError } from '../ports/problem.js';
import { type EffectContext, hostOf, required } from './context.js';

/** Ages come in whole seconds. */
const COARSENESS_MS = 1_000;

/** Throws `host.draining` (transient) while a worker of before the switch serves the connections that it has. */
export async function drained(context: EffectContext, effect: HostEffect) {
  const { ports, state } = context;
  const host = hostOf(context, effect.hostId);
  const before = (kind: string) => state.effects.get(effect.id.replace('/host.drained/', `/${kind}/`));
  const confirm = required(before('host.confirm') ?? null, 'the host was confirmed');
  if (leftNone(before('host.commit'), confirm)) return {};
  const { nginx } = await ports.hosts.observe(host);
  const left = oldWorkers(nginx?.workers ?? [], ports.clock.now() - Date.parse(confirm.at));
  if (left.length === 0) return {};
  throw draining(host, left);
}

/**
 * Whether the reload of the switch said that no worker of before was left: none comes back. A confirm that was tried
 * before may have switched the host anew, whatever its last try says.
 */
export function leftNone(commit: EffectRecord | undefined, confirm: EffectRecord): boolean {
  const { reloaded, draining } = commit?.result ?? {};
  const none = Array.isArray(draining) && draining.length === 0;
  const confirmedAtOnce = confirm.attempts === 1 && confirm.result.reapplied === false;
  return commit?.status === 'done' && reloaded === true && none && confirmedAtOnce;
}

/** Workers that drain and were started before the host was confirmed, `sinceMs` ago. */
export function oldWorkers(workers: readonly NginxWorker[], sinceMs: number): readonly NginxWorker[] {
  return workers.filter(
    ({ draining, ageSeconds }) => draining && ageSeconds * 1000 + COARSENESS_MS > sinceMs,
  );
}

function draining(host: HostRecord, workers: readonly NginxWorker[]): PortError {
  const pids = workers.map(({ pid, ageSeconds }) => `${pid}, started ${ageSeconds} s ago`).join('; ');
  return new PortError(
    {
      code: 'host.draining',
      message: `${host.name}: connections that were let in before the old CA was dropped are still served, by old nginx workers (pid ${pids}).`,
      nextStep:
        'End these connections, or wait: Windlass looks again by itself. worker_shutdown_timeout makes nginx end them.',
    },
    { transient: true },
  );
}
