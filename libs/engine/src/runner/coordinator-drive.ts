import {
  type Action,
  batchesOf,
  batchScope,
  busyScopes,
  type Effect,
  isHostEffect,
  type RotationEventBody,
  type RotationState,
  type Scope,
  scopeOf,
  undecidedHosts,
} from '#rotation';
import { Drive } from './drive.js';

/** A batch whose worker is well takes no notice of a wake-up; one whose worker is lost is taken over by it. */
const WAKE_AGAIN_MS = 5_000;

/** Decides for the fleet, drives its CA, and wakes the batches of its hosts. */
export class CoordinatorDrive extends Drive {
  private readonly woken = new Map<Scope, { readonly at: number; readonly work: ReadonlySet<string> }>();

  protected owns(effect: Effect): boolean {
    return !isHostEffect(effect);
  }

  protected hasWork(state: RotationState, actions: readonly Action[]): boolean {
    const lost = [...state.effects.values()].some(
      ({ effect, status }) => status === 'running' && !isHostEffect(effect),
    );
    return lost || actions.some(({ kind }) => kind !== 'wait') || busyScopes(state).size > 0;
  }

  protected async attend(state: RotationState, actions: readonly Action[]): Promise<boolean> {
    const written = actions.find(({ kind }) => kind !== 'perform' && kind !== 'wait');
    if (written) {
      await this.follower.append([eventOf(written)], written.kind === 'decide' ? written.notAfter : null);
      return true;
    }
    await this.wakeBatches(this.scopesToWake(state, actions), state, actions);
    return false;
  }

  protected expects(state: RotationState, actions: readonly Action[]): boolean {
    return this.hostWork(state, actions).size > 0;
  }

  /** Batches that have something to do, that may have lost their worker in the middle, or that keep hosts waiting. */
  private scopesToWake(state: RotationState, actions: readonly Action[]): readonly Scope[] {
    const scopes = new Set(this.hostWork(state, actions));
    for (const batch of batchesOf(state.snapshot).keys()) {
      if (undecidedHosts(state, batchScope(batch)).length > 0) scopes.add(batchScope(batch));
    }
    return [...scopes];
  }

  private hostWork(state: RotationState, actions: readonly Action[]): ReadonlySet<Scope> {
    const scopes = new Set(busyScopes(state));
    for (const action of actions) {
      if (action.kind === 'perform' && isHostEffect(action.effect)) {
        scopes.add(scopeOf(state.snapshot, action.effect));
      }
    }
    return scopes;
  }

  /** At once where there is something new to do, as its drive may have ended when it had done the last. */
  private async wakeBatches(
    scopes: readonly Scope[],
    state: RotationState,
    actions: readonly Action[],
  ): Promise<void> {
    const now = this.parts.clock.monotonic();
    const { rotationId } = this.keeper.lease;
    for (const scope of scopes) {
      const last = this.woken.get(scope);
      const work = workOf(scope, state, actions);
      const fresh = [...work].some((one) => !last?.work.has(one));
      if (last && !fresh && now - last.at < WAKE_AGAIN_MS) continue;
      this.woken.set(scope, { at: now, work });
      await this.parts.wakeups.wakeBatch(rotationId, Number(scope.slice('batch/'.length)));
    }
  }
}

/** What a batch has to do now; a further try of an effect is another thing than the first one. */
function workOf(scope: Scope, state: RotationState, actions: readonly Action[]): ReadonlySet<string> {
  return new Set(
    actions.flatMap((action) =>
      action.kind === 'perform' && scopeOf(state.snapshot, action.effect) === scope
        ? [`${action.effect.id} ${state.effects.get(action.effect.id)?.attempts ?? 0}`]
        : [],
    ),
  );
}

function eventOf(action: Action): RotationEventBody {
  switch (action.kind) {
    case 'decide':
      return { type: 'decision.made', decision: action.decision, because: action.because };
    case 'pause':
      return { type: 'rotation.paused', by: 'windlass', reason: action.reason };
    case 'end':
      return { type: 'rotation.ended', status: action.status, because: action.because };
    default:
      throw new Error(`${action.kind} is not an entry of the journal`);
  }
}
