import { hostsOf, scopeOf } from './batches.js';
import { isRefreshing, refreshTry } from './refresh.js';
import { decidedKind, isDone, type RotationState } from './state.js';
import { isHeld } from './status.js';
import type { Scope } from './vocabulary.js';

/** A third of the deadline is left for the journal, the network and the decision. */
const RENEW_BELOW = 2 / 3;

/** The try of the switch that is under way or ahead: `expand.1`, then `refresh.<n>` and `contract.<n>`. */
function currentTry(state: RotationState): string {
  if (isRefreshing(state)) return `refresh.${refreshTry(state)}`;
  const expanding = ['preflight', 'stage', 'expand'].includes(state.phase);
  return expanding ? 'expand.1' : `contract.${state.attempt.contract}`;
}

/** Hosts of the scope that are staged or switched and wait for the fleet's decision. */
export function undecidedHosts(state: RotationState, scope: Scope): readonly string[] {
  const attempt = currentTry(state);
  if ((isHeld(state) && !isRefreshing(state)) || decidedKind(state, `outcome/${attempt}`) !== undefined)
    return [];
  if ((state.tally.done.get(`${attempt}/host.stage`) ?? 0) === 0) return [];
  return hostsOf(state.snapshot, scope).filter(
    (host) =>
      !state.decommissioned.has(host) &&
      isDone(state, `${attempt}/host.stage/${host}`) &&
      !isDone(state, `${attempt}/host.discard/${host}`),
  );
}

/** Switched hosts of the scope whose deadline has to be moved now, so that they go on waiting for the decision. */
export function renewalsDue(state: RotationState, scope: Scope, now: number): readonly string[] {
  const attempt = currentTry(state);
  return undecidedHosts(state, scope).filter((host) => {
    if (!isDone(state, `${attempt}/host.commit/${host}`)) return false;
    const left = (state.armed.get(host) ?? 0) - now;
    return left < state.snapshot.timing.deadlineMs * RENEW_BELOW;
  });
}

/** Scopes of hosts in which something runs, as far as the journal knows. */
export function busyScopes(state: RotationState): ReadonlySet<Scope> {
  const busy = new Set<Scope>();
  for (const id of state.tally.running) {
    const record = state.effects.get(id);
    if (record) busy.add(scopeOf(state.snapshot, record.effect));
  }
  busy.delete('coordinator');
  return busy;
}
