import pLimit from 'p-limit';
import {
  type Action,
  batchesOf,
  batchOf,
  batchScope,
  busyScopes,
  plan,
  plannedWork,
  type RotationEventBody,
  type RotationState,
  type Scope,
  undecidedHosts,
} from '#rotation';
import { Drive } from './drive.js';

/** A batch whose worker is well takes no notice of a wake-up; one whose worker is lost is taken over by it. */
const WAKE_AGAIN_MS = 5_000;
/** A large fleet has hundreds of batches; the queue has other users. */
const WAKEUPS_AT_ONCE = 16;

/** Decides for the fleet, drives its CA, and wakes the batches of its hosts. */
export class CoordinatorDrive extends Drive {
  private readonly woken = new Map<Scope, { readonly what: string; readonly at: number }>();

  protected hasWork(state: RotationState, actions: readonly Action[]): boolean {
    return actions.some(({ kind }) => kind !== 'wait') || busyScopes(state).size > 0;
  }

  protected async attend(state: RotationState, actions: readonly Action[]): Promise<boolean> {
    const written = actions.find(isWritten);
    if (written) {
      const event = eventOf(written);
      const hold = (now: RotationState) => this.isStillPlanned(event, now);
      const notAfter = written.kind === 'decide' ? written.notAfter : null;
      await this.follower.append([event], { state, hold }, notAfter);
      return true;
    }
    await this.wakeBatches(this.wanted(state, actions));
    return false;
  }

  /** Hosts report while a decision is made: it is the same one as long as it would be made on what they say, too. */
  private isStillPlanned(event: RotationEventBody, now: RotationState): boolean {
    const same = JSON.stringify(event);
    return plan(now, this.parts.journalClock.estimate()).some(
      (action) => isWritten(action) && JSON.stringify(eventOf(action)) === same,
    );
  }

  protected expects(state: RotationState, actions: readonly Action[]): boolean {
    return this.hostWork(state, actions).size > 0;
  }

  /**
   * What each batch is wanted for: the first thing it has to do; `running` where its worker may have been lost in
   * the middle; `waiting` where it keeps hosts waiting for a decision.
   */
  private wanted(state: RotationState, actions: readonly Action[]): ReadonlyMap<Scope, string> {
    const wanted = new Map<Scope, string>();
    for (const batch of batchesOf(state.snapshot).keys()) {
      if (undecidedHosts(state, batchScope(batch)).length > 0) wanted.set(batchScope(batch), 'waiting');
    }
    for (const [scope, what] of this.hostWork(state, actions)) wanted.set(scope, what);
    return wanted;
  }

  private hostWork(state: RotationState, actions: readonly Action[]): ReadonlyMap<Scope, string> {
    const work = new Map<Scope, string>([...busyScopes(state)].map((scope) => [scope, 'running']));
    for (const [scope, [first]] of plannedWork(state.snapshot, actions).effects) {
      if (scope === 'coordinator' || first === undefined) continue;
      // A further try of an effect is another thing than the first one.
      work.set(scope, `${first.id} ${state.effects.get(first.id)?.attempts ?? 0}`);
    }
    return work;
  }

  /** Once for each thing, and again when nothing comes of it. Whoever holds a batch looks at the journal by itself. */
  private async wakeBatches(wanted: ReadonlyMap<Scope, string>): Promise<void> {
    const now = this.parts.clock.monotonic();
    const due = [...wanted].filter(([scope, what]) => {
      const last = this.woken.get(scope);
      const news = last?.what !== what && what !== 'running' && what !== 'waiting';
      return news || !last || now - last.at >= WAKE_AGAIN_MS;
    });
    if (due.length === 0) return;
    for (const [scope, what] of due) this.woken.set(scope, { what, at: now });
    const { rotationId } = this.keeper.lease;
    const held = await this.parts.journal.heldScopes(rotationId);
    const limit = pLimit(WAKEUPS_AT_ONCE);
    const wake = ([scope]: (typeof due)[number]) =>
      limit(() => this.parts.wakeups.wakeBatch(rotationId, batchOf(scope)));
    await Promise.all(due.filter(([scope]) => !held.has(scope)).map(wake));
  }
}

function isWritten({ kind }: Action): boolean {
  return kind !== 'perform' && kind !== 'wait';
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
