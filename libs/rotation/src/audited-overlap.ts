import type { AuditTrail } from './audit-trail.js';
import type { Invariant } from './invariants.js';

export type Finding = readonly [invariant: Invariant, says: string];

export function fail(broken: boolean, invariant: Invariant, says: string): Finding[] {
  return broken ? [[invariant, says]] : [];
}

/** After `revert`, every host is observed back on the old bundle. */
export function returned(trail: AuditTrail): boolean {
  const outcome = trail.outcome('expand.1');
  return outcome?.kind === 'revert' && everyHost(trail, 'expand.1/host.prove-reverted', outcome.sequence);
}

/** Every host must be on one overlap: on that of before `keep`, and on the last one with other CRLs or back from it. */
export function unconfirmed(trail: AuditTrail, invariant: Invariant, what: string): Finding[] {
  const attempt = trail.lastRefresh;
  const found = unkept(trail, invariant, what);
  if (attempt === null) return found;
  const outcome = trail.outcome(attempt);
  const last = { keep: 'host.confirm', revert: 'host.prove-reverted' }[String(outcome?.kind)];
  const settled = outcome !== null && last !== undefined;
  const whole = settled && everyHost(trail, `${attempt}/${last}`, outcome.sequence);
  return [...found, ...fail(!whole, invariant, `${what} while hosts are between two overlaps`)];
}

/** Nobody exchanges CRLs on hosts that drop the old CA. */
export function contracting(trail: AuditTrail, what: string): Finding[] {
  const attempt = trail.lastContract;
  if (attempt === null) return [];
  const outcome = trail.outcome(attempt);
  const back =
    outcome?.kind === 'revert' && everyHost(trail, `${attempt}/host.prove-reverted`, outcome.sequence);
  const idle = outcome?.kind === 'refuse' || back;
  return fail(!idle, 'I2', `${what} while the old CA is being dropped`);
}

/** Every host must have confirmed the overlap after `keep` was written. */
export function unkept(trail: AuditTrail, invariant: Invariant, what: string): Finding[] {
  const kept = trail.outcome('expand.1');
  if (kept?.kind !== 'keep') return [[invariant, `${what} before the fleet kept the overlap`]];
  return trail.hosts().flatMap((host) => {
    const doneAt = trail.doneAt(`expand.1/host.confirm/${host}`);
    return fail(doneAt < kept.sequence, invariant, `${what}: ${host} did not confirm the overlap`);
  });
}

/** Whether the step was done on every host behind that entry. */
export function everyHost(trail: AuditTrail, step: string, after: number): boolean {
  return trail.hosts().every((host) => trail.doneAt(`${step}/${host}`) > after);
}
