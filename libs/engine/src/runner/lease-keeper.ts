import type { Scope } from '#rotation';
import type { Clock } from '../ports/clock.js';
import type { Journal, Lease } from '../ports/journal.js';

/** How long a worker may be silent before another one takes its scope over, in milliseconds. */
const LEASE_MS = 15_000;
const RENEW_EVERY_MS = 5_000;

/** One lease, renewed for as long as it is held, and what this process may still believe of it. */
export class LeaseKeeper {
  private readonly stopped = new AbortController();
  private lost = false;

  private constructor(
    private readonly journal: Journal,
    private readonly clock: Clock,
    readonly lease: Lease,
    /** By the monotonic clock of this process, which may have been stopped for a while. */
    private freshUntil: number,
  ) {}

  /** Null when somebody else holds the scope. */
  static async take(
    journal: Journal,
    clock: Clock,
    rotationId: string,
    scope: Scope,
    holder: string,
  ): Promise<LeaseKeeper | null> {
    const before = clock.monotonic();
    const lease = await journal.acquireLease(rotationId, scope, holder, LEASE_MS);
    if (!lease) return null;
    const keeper = new LeaseKeeper(journal, clock, lease, before + LEASE_MS);
    void keeper.keep();
    return keeper;
  }

  /** True while nobody else can have taken the scope over: hosts may be told to go on waiting. */
  get fresh(): boolean {
    return !this.lost && this.clock.monotonic() < this.freshUntil;
  }

  /** Lets the next worker in at once. A lease that cannot be given back runs out by itself. */
  async release(): Promise<void> {
    this.stopped.abort();
    await this.journal.releaseLease(this.lease).catch(() => undefined);
  }

  private async keep(): Promise<void> {
    for (;;) {
      await this.clock.sleep(RENEW_EVERY_MS, this.stopped.signal);
      if (this.stopped.signal.aborted || this.lost) return;
      await this.renew();
    }
  }

  /** A renewal that got no answer changes nothing: the lease is believed until it runs out. */
  private async renew(): Promise<void> {
    const before = this.clock.monotonic();
    const held = await this.journal.renewLease(this.lease, LEASE_MS).catch(() => null);
    if (held === true) this.freshUntil = before + LEASE_MS;
    if (held === false) this.lost = true;
  }
}
