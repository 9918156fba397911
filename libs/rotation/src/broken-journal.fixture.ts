import { audit } from './audit.js';
import type { AuditableEntry } from './auditor.js';
import { type Decision, EVENT_VERSION, type RotationEventBody } from './events.js';
import type { Invariant } from './invariants.js';
import { approvedBy, failing, gateOpensLater, live } from './lives.fixture.js';
import { Rehearsal } from './rehearsal.js';
import type { Scope, TransitionName } from './vocabulary.js';

/** As {@link Rehearsal} gives them out. */
const TERMS: Readonly<Record<string, number>> = { coordinator: 1, a: 2, b: 3, c: 3 };

export const succeeded = lifeOf(new Rehearsal());
export const gated = lifeOf(gateOpensLater());
export const approved = lifeOf(approvedBy('second person'));
export const distrusted = lifeOf(live('distrust'));
export const reverted = lifeOf(new Rehearsal(failing('expand.1/host.prove/a')));

export function lifeOf(life: Rehearsal): readonly AuditableEntry[] {
  life.run();
  return life.entries;
}

function nameOf(event: RotationEventBody): string {
  switch (event.type) {
    case 'effect.intended':
      return `begin ${event.effect.id}`;
    case 'effect.succeeded':
      return `done ${event.effectId}`;
    case 'decision.made': {
      const { kind, attempt, ...rest } = event.decision as Decision & { wave?: number; transition?: string };
      return `${kind} ${rest.transition ?? ''}.${attempt}${rest.wave === undefined ? '' : `/${rest.wave}`}`;
    }
    default:
      return event.type;
  }
}

export function begin(id: string, term: number | null = termOf(id)): RotationEventBody {
  const [attempt = '', kind = id, hostId] = id.split('/');
  const transition = (['contract', 'refresh'] as const).find((one) => attempt.startsWith(one)) ?? 'expand';
  const effect = (hostId ? { id, kind, hostId, transition } : { id, kind }) as never;
  return { type: 'effect.intended', effect, term };
}

export const done = (effectId: string, term = termOf(effectId)): RotationEventBody => ({
  ...{ type: 'effect.succeeded', effectId, result: {}, term },
});
export const decide = (decision: Decision): RotationEventBody => ({
  type: 'decision.made',
  decision,
  because: '',
});
export const outcome = (kind: 'keep' | 'revert' | 'refuse', transition: 'expand' | 'contract' = 'expand') =>
  decide({ kind, transition, attempt: 1 });
export const go = (wave: number, transition: TransitionName = 'expand', attempt = 1) =>
  decide({ kind: 'go', transition, attempt, wave });
export const take = (scope: Scope, term: number): RotationEventBody => ({
  ...{ type: 'term.taken', scope, term, holder: 'w2' },
});
export const end = (status: 'succeeded' | 'reverted' | 'refused' | 'cancelled'): RotationEventBody => ({
  ...{ type: 'rotation.ended', status, because: '' },
});
export const abort: RotationEventBody = { type: 'abort.requested', by: 'person', because: '' };
export const renew = (term: number, hostIds: readonly string[] = ['a']): RotationEventBody => ({
  ...{ type: 'deadlines.renewed', hostIds, until: '2026-11-24T01:00:00Z', term },
});

function termOf(id: string): number {
  return TERMS[id.split('/')[2] ?? 'coordinator'] ?? 0;
}

export interface Bent {
  /** A life without a fault; the one that succeeded when left out. */
  readonly life?: readonly AuditableEntry[];
  /** An entry that is left out of it. */
  readonly without?: string;
  /** How much later than the entry before, in milliseconds. */
  readonly later?: number;
}

/**
 * One hand-made journal: what it breaks and by what; the entry up to which a good life goes on, left out with all
 * behind it; what is written instead, the last of it being what must never be.
 */
export type Broken = readonly [Invariant, string, string, readonly RotationEventBody[], Bent?];

/** The journal of a row. Throws for an entry that the life does not have. */
export function journalOf([, , until, write, bent = {}]: Broken): readonly AuditableEntry[] {
  const { life = succeeded, without, later = 0 } = bent;
  const names = life.map(({ event }) => nameOf(event as unknown as RotationEventBody));
  for (const name of [until, without]) {
    if (name !== undefined && !names.includes(name)) throw new Error(`no entry is called "${name}"`);
  }
  const before = life.filter((_, index) => index < names.indexOf(until) && names[index] !== without);
  const at = new Date(Date.parse(before.at(-1)?.at ?? '') + later).toISOString();
  const written = write.map((body) => ({ sequence: 0, at, event: { ...body, v: EVENT_VERSION } }));
  return [...before, ...written].map((entry, index) => ({ ...entry, sequence: index + 1 }));
}

/** Invariants that the last entry of the row breaks, each once. */
export function brokenBy(row: Broken): readonly Invariant[] {
  const entries = journalOf(row);
  const found = audit(entries).filter(({ sequence }) => sequence === entries.length);
  return [...new Set(found.map(({ invariant }) => invariant))];
}
