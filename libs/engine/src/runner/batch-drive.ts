import { type Action, type RotationState, renewalsDue, undecidedHosts } from '#rotation';
import { PortError } from '../ports/problem.js';
import { Drive } from './drive.js';

/**
 * Drives the hosts of one batch: it does what the journal decided and nothing else, and keeps switched hosts
 * waiting for the fleet's decision only while its own lease is fresh.
 */
export class BatchDrive extends Drive {
  protected hasWork(state: RotationState, actions: readonly Action[]): boolean {
    return this.due(state, actions).length > 0 || this.expects(state);
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
    // Read before the host is told: its timer runs longer than we say.
    const until = new Date((await this.parts.journal.now()) + deadlineMs).toISOString();
    try {
      await this.parts.perform.renew(hostId, state, term, deadlineMs);
    } catch (error) {
      if (!(error instanceof PortError)) throw error;
      this.parts.log.warn({ rotationId, hostId, code: error.problem.code }, 'a deadline could not be moved');
      return;
    }
    await this.follower.report({ type: 'deadlines.renewed', hostIds: [hostId], until, term });
  }
}
