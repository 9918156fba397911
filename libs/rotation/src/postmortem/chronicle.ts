import { type Effect, isHostEffect } from '../effects.js';
import type { RotationEvent } from '../events.js';
import { type ReducibleEntry, reduceEach } from '../reduce.js';
import type { RotationState } from '../state.js';
import { blocksOf } from '../status.js';
import { upcast } from '../upcast.js';
import type { Reason, RotationPhase } from '../vocabulary.js';
import { between, inline, some } from './markdown.js';
import { toldEvent } from './told-event.js';

/** One try of an effect that failed. */
export interface Failure {
  readonly at: string;
  readonly effect: Effect;
  /** Name of the host, or null for what was done at the CA and to our records. */
  readonly host: string | null;
  readonly phase: RotationPhase;
  readonly reason: Reason;
}

/** One line of a timeline; `what` is markup. */
export interface Told {
  readonly at: string;
  readonly what: string;
}

/** What happened to a rotation, in the order of its journal. */
export class Chronicle {
  private readonly effects = new Map<string, Effect>();
  private readonly rows: Told[] = [];
  /** Failures right behind each other that are one line. */
  private group: Failure[] = [];
  private readonly blocked = new Map<string, { readonly since: string; readonly where: string }>();
  /** As the last entry left it; null of a journal without entries. */
  readonly state: RotationState | null;
  readonly failures: Failure[] = [];
  readonly phases: { readonly phase: RotationPhase; readonly at: string }[] = [];

  /** Throws IllegalEvent for a journal that no release wrote. */
  constructor(entries: readonly ReducibleEntry[]) {
    this.state = reduceEach(null, entries, (state, entry) => this.take(state, entry));
    this.tellFailures();
  }

  get timeline(): readonly Told[] {
    return this.rows;
  }

  private take(state: RotationState, entry: ReducibleEntry): void {
    const event = upcast(entry.event);
    if (event.type === 'effect.intended') this.effects.set(event.effect.id, event.effect);
    if (event.type === 'effect.failed') this.fail(entry.at, event, state);
    const told = toldEvent(event, state);
    if (told !== null) this.tell(entry.at, told);
    if (this.phases.at(-1)?.phase !== state.phase) this.phases.push({ phase: state.phase, at: entry.at });
    if (event.type === 'effect.failed' || this.blocked.size > 0) this.lookAtBlocks(entry.at, state);
  }

  private tell(at: string, what: string): void {
    this.tellFailures();
    this.rows.push({ at, what });
  }

  private fail(
    at: string,
    { effectId, reason }: Extract<RotationEvent, { type: 'effect.failed' }>,
    state: RotationState,
  ): void {
    const effect = this.effects.get(effectId);
    if (effect === undefined) return;
    const host = isHostEffect(effect) ? (state.snapshot.hostNames[effect.hostId] ?? effect.hostId) : null;
    const failure = { at, effect, host, phase: state.phase, reason };
    const [first] = this.group;
    if (first && (first.effect.kind !== effect.kind || first.reason.code !== reason.code))
      this.tellFailures();
    this.group.push(failure);
    this.failures.push(failure);
  }

  private tellFailures(): void {
    const [first] = this.group;
    if (first === undefined) return;
    const hosts = [...new Set(this.group.flatMap(({ host }) => (host === null ? [] : [inline(host)])))];
    const where = hosts.length === 0 ? '' : ` on ${some(hosts)}`;
    const times = this.group.length > Math.max(1, hosts.length) ? ` (${this.group.length} times)` : '';
    this.rows.push({
      at: first.at,
      what: `**Failed**${where}${times}: \`${first.effect.kind}\`, \`${first.reason.code}\`: ${inline(first.reason.message)}`,
    });
    this.group = [];
  }

  private lookAtBlocks(at: string, state: RotationState): void {
    const now = new Map(
      blocksOf(state).map(({ hostId, reason, since }) => {
        const host = hostId === null ? '' : ` on ${inline(state.snapshot.hostNames[hostId] ?? hostId)}`;
        return [String([hostId, reason.code]), { since, where: `${host} by \`${reason.code}\`` }] as const;
      }),
    );
    for (const [key, block] of now) {
      if (this.blocked.has(key)) continue;
      this.tell(at, `**Blocked**${block.where}`);
      this.blocked.set(key, block);
    }
    for (const [key, { since, where }] of this.blocked) {
      if (now.has(key)) continue;
      this.blocked.delete(key);
      this.tell(at, `No longer blocked${where}, after ${between(since, at)}`);
    }
  }
}
