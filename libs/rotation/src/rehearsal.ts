import { scopeOf } from './batches.js';
import type { Effect } from './effects.js';
import { EVENT_VERSION, type RotationEvent, type RotationEventBody } from './events.js';
import { plan } from './plan.js';
import { reduce } from './reduce.js';
import type { RotationState } from './state.js';
import { DEFAULT_BATCH_SIZE, DEFAULT_TIMING } from './upcast.js';
import type { UsageVerdict } from './usage-verdict.js';
import type { RotationSnapshot, Scope } from './vocabulary.js';

/** When every rehearsal starts, in milliseconds since the epoch. */
export const START = Date.parse('2026-11-24T00:00:00Z');

/** Of the fleet below: its canary wave and the other one are a batch each. */
const SCOPES = ['coordinator', 'batch/0', 'batch/1'] as const satisfies Scope[];

/** What a look at the clients of the old CA finds at a time. */
export type GateRehearsal = (now: number) => UsageVerdict;

/** How an effect ends, at its so-manieth attempt. */
export type Answer = (effect: Effect, attempt: number) => 'ok' | 'fails' | 'transient';

/** What else effects report, in the life so far. */
export type Reports = (effect: Effect, life: Rehearsal) => object;

/** Runs a rotation in memory: each effect ends as `answer` says, time passes when the plan waits. */
export class Rehearsal {
  now = START;
  readonly entries: { sequence: number; at: string; event: RotationEvent }[] = [];
  readonly performed: string[] = [];
  state: RotationState;

  constructor(
    readonly answer: Answer = () => 'ok',
    private readonly gate: GateRehearsal | null = null,
    instead: Partial<RotationSnapshot> = {},
    private readonly reports: Reports = () => ({}),
  ) {
    this.state = this.append({
      type: 'rotation.requested',
      snapshot: {
        rotationId: 'r1',
        fleetId: 'f1',
        fleetName: 'edge',
        strategy: 'overlap',
        installation: 'i1',
        epoch: 1,
        waves: [['a'], ['b', 'c']],
        batchSize: DEFAULT_BATCH_SIZE,
        timing: DEFAULT_TIMING,
        otherFleets: [],
        hostNames: { a: 'host-a', b: 'host-b', c: 'host-c' },
        soakSeconds: 60,
        caTtlSeconds: 3600,
        old: { id: 'g1', number: 1, digest: 'd1', marker: null },
        requestedBy: 'test',
        reason: 'test',
        ...(gate ? { contractWhen: 'unused' as const } : {}),
        ...instead,
      },
    });
    for (const scope of SCOPES) this.takeOver(scope, 'w1');
  }

  append(body: RotationEventBody): RotationState {
    const entry = {
      sequence: this.entries.length + 1,
      at: new Date(this.now).toISOString(),
      event: { ...body, v: EVENT_VERSION } as RotationEvent,
    };
    this.entries.push(entry);
    this.state = reduce(this.state ?? null, entry);
    return this.state;
  }

  takeOver(scope: Scope, holder: string): RotationState {
    const term = Math.max(0, ...this.state.terms.values()) + 1;
    return this.append({ type: 'term.taken', scope, term, holder });
  }

  private termOf(effect: Effect): number {
    return this.state.terms.get(scopeOf(this.state.snapshot, effect)) ?? 0;
  }

  /** Until nothing is left to do, or `stop` says so. */
  run(stop: (state: RotationState) => boolean = () => false): RotationState {
    for (let round = 0; round < 500 && !stop(this.state); round++) {
      const actions = plan(this.state, this.now);
      if (actions.length === 0) break;
      const ready = actions.filter((action) => action.kind !== 'wait');
      if (ready.length === 0) {
        this.now = Math.min(...actions.flatMap((action) => (action.kind === 'wait' ? [action.until] : [])));
        continue;
      }
      for (const action of ready) this.act(action);
    }
    return this.state;
  }

  act(action: ReturnType<typeof plan>[number]): void {
    this.now += 1;
    if (action.kind === 'decide')
      this.append({ type: 'decision.made', decision: action.decision, because: action.because });
    if (action.kind === 'pause')
      this.append({ type: 'rotation.paused', by: 'windlass', reason: action.reason });
    if (action.kind === 'end')
      this.append({ type: 'rotation.ended', status: action.status, because: action.because });
    if (action.kind === 'perform') this.perform(action.effect);
  }

  perform(effect: Effect): void {
    const term = this.termOf(effect);
    this.append({ type: 'effect.intended', effect, term });
    this.performed.push(effect.id);
    const attempt = this.state.effects.get(effect.id)?.attempts ?? 1;
    const answer = this.answer(effect, attempt);
    if (answer === 'ok') {
      const result = effect.kind === 'usage.judge' ? this.gate?.(this.now) : this.reports(effect, this);
      this.append({ type: 'effect.succeeded', effectId: effect.id, result: { ...result }, term });
      return;
    }
    const reason = { code: 'test', message: `${effect.id} failed`, nextStep: 'look' };
    this.append({
      type: 'effect.failed',
      effectId: effect.id,
      reason,
      transient: answer === 'transient',
      term,
    });
  }
}
