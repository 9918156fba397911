import { randomUUID } from 'node:crypto';
import { JournalConflict } from '#engine';
import type { Installation } from '#installation';
import {
  type Action,
  type Effect,
  EVENT_VERSION,
  plan,
  type RotationEvent,
  type RotationEventBody,
  type RotationState,
  reduce,
  statusOf,
} from '#rotation';

const MOST_STEPS = 300;
const aGeneration = (number: number) => ({ id: randomUUID(), number, digest: `d${number}`, marker: null });

const RESULTS: Partial<Record<Effect['kind'], Record<string, unknown>>> = {
  'ca.survey': { product: 'played', defaultIssuerId: 'old', defaultFollowsLatest: true },
  'ca.prepare': {
    ...{ issuerId: 'new', issuerName: 'windlass', subject: 'CN=new', notAfter: '2030-01-01T00:00:00.000Z' },
  },
  'usage.judge': { open: true, because: 'nobody is left', opensAt: null, users: [], count: 0 },
  'generations.build': { overlap: aGeneration(2), next: aGeneration(3), trustDiff: '' },
};

/** Writes to the journal of one rotation what a worker writes, and touches nothing: every effect just ends. */
export class PlayedWorker {
  /** Effects that end badly, again and again. */
  fails: (effect: Effect) => boolean = () => false;

  constructor(
    private readonly installation: Pick<Installation, 'parts' | 'commands'>,
    private readonly rotationId: string,
  ) {}

  /** Writes until `reached` holds of what is next, or nothing is left to write. */
  async play(reached: (state: RotationState, next: readonly Action[]) => boolean): Promise<RotationState> {
    for (let step = 0; step < MOST_STEPS; step += 1) {
      const state = await this.installation.commands.read(this.rotationId);
      if (state.ended || reached(state, await this.next(state))) return state;
      await this.write(state);
    }
    throw new Error('the rotation never came that far');
  }

  /** One entry on the state as it is. False when somebody else wrote first. */
  async step(): Promise<boolean> {
    return this.write(await this.installation.commands.read(this.rotationId));
  }

  private async next(state: RotationState): Promise<readonly Action[]> {
    return plan(state, await this.installation.parts.journal.now());
  }

  private async write(state: RotationState): Promise<boolean> {
    const [action] = (await this.next(state)).filter(({ kind }) => kind !== 'wait');
    if (!action) throw new Error('nothing is left to do');
    const bodies = state.terms.size === 0 ? [TAKEN, ...this.bodiesOf(action)] : this.bodiesOf(action);
    const events = bodies.map((body) => ({ ...body, v: EVENT_VERSION }) as RotationEvent);
    const at = new Date().toISOString();
    const after = events.reduce(
      (folded, event) => reduce(folded, { sequence: folded.sequence + 1, at, event }),
      state,
    );
    try {
      await this.installation.parts.journal.append({
        ...{ rotationId: this.rotationId, expectedSequence: state.sequence, lease: null, notAfter: null },
        events,
        projection: {
          ...{ status: statusOf(after), phase: after.phase, ended: after.ended !== null },
          ...{ fleets: [], decommissionedHostId: null, rotated: false, rehearsed: false },
          ...{ distrusted: [], retrusted: [], observed: [] },
        },
      });
      return true;
    } catch (error) {
      if (error instanceof JournalConflict) return false;
      throw error;
    }
  }

  private bodiesOf(action: Action): RotationEventBody[] {
    switch (action.kind) {
      case 'decide':
        return [{ type: 'decision.made', decision: action.decision, because: action.because }];
      case 'pause':
        return [{ type: 'rotation.paused', by: 'windlass', reason: action.reason }];
      case 'end':
        return [{ type: 'rotation.ended', status: action.status, because: action.because }];
      case 'perform':
        return [{ type: 'effect.intended', effect: action.effect, term: null }, this.outcome(action.effect)];
      default:
        return [];
    }
  }

  private outcome(effect: Effect): RotationEventBody {
    const result = RESULTS[effect.kind] ?? {};
    if (!this.fails(effect)) return { type: 'effect.succeeded', effectId: effect.id, result, term: null };
    const reason = { code: 'host.unreachable', message: `${effect.id} failed`, nextStep: 'Look at it.' };
    return { type: 'effect.failed', effectId: effect.id, reason, transient: true, term: null };
  }
}

const TAKEN: RotationEventBody = { type: 'term.taken', scope: 'coordinator', term: 1, holder: 'played' };
