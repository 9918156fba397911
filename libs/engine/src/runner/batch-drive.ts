import {
  type Action,
  type Effect,
  isHostEffect,
  type RotationState,
  renewalsDue,
  scopeOf,
  undecidedHosts,
} from '#rotation';
import { PortError } from '../ports/problem.js';
import { Drive } from './drive.js';

/**
 * Drives the hosts of one batch: it does what the journal decided and nothing else, and keeps switched hosts
 * waiting for the fleet's decision only while its own lease is fresh.
 */
export class BatchDrive extends Drive {
  protected owns(effect: Effect, state: RotationState): boolean {
    return isHostEffect(effect) && scopeOf(state.snapshot, effect) === this.keeper.lease.scope;
  }

  protected hasWork(state: RotationState, actions: readonly Action[]): boolean {
    const { scope } = this.keeper.lease;
    const lost = [...state.effects.values()].some(
      ({ effect, status }) => status === 'running' && this.owns(effect, state),
    );
    const due = actions.some((action) => action.kind === 'perform' && this.owns(action.effect, state));
    return lost || due || undecidedHosts(state, scope).length > 0;
  }

  protected async attend(state: RotationState): Promise<boolean> {
    const now = this.parts.journalClock.estimate();
    for (const host of renewalsDue(state, this.keeper.lease.scope, now)) {
      if (!this.keeper.fresh) break;
      const key = `renew/${host}`;
      if (!this.isRunning(key)) this.begin(key, () => this.renew(host, state));
    }
    return false;
  }

  protected expects(state: RotationState): boolean {
    return undecidedHosts(state, this.keeper.lease.scope).length > 0;
  }

  /** A host that cannot be told goes back by itself, and the plan sees its deadline come near. */
  private async renew(hostId: string, state: RotationState): Promise<void> {
    const { rotationId, term } = this.keeper.lease;
    const { deadlineMs } = state.snapshot.timing;
    const until = new Date((await this.parts.journalClock.past()) + deadlineMs).toISOString();
    try {
      await this.parts.perform.renew(hostId, state, term, deadlineMs);
    } catch (error) {
      if (!(error instanceof PortError)) throw error;
      this.parts.log.info({ rotationId, hostId, code: error.problem.code }, 'a deadline could not be moved');
      return;
    }
    await this.follower.report({ type: 'deadlines.renewed', hostIds: [hostId], until, term });
  }
}
