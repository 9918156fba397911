import { logTrouble } from '../log-trouble.js';
import type { Clock } from '../ports/clock.js';
import type { WebhookStore } from '../ports/webhook-store.js';
import { Announcer, type AnnouncerParts } from './announcer.js';
import { Deliverer, type DelivererParts } from './deliverer.js';

/** How often journals and deliveries are looked at, in milliseconds. */
const LOOK_EVERY_MS = 1_000;
const PRUNE_EVERY_MS = 3_600_000;
/** How long the log of deliveries reaches back. */
const KEEP_MS = 30 * 86_400_000;

/** Tells webhooks what the journals say, until it is stopped. Any number of workers may do so at once. */
export class WebhookLoop {
  private readonly stopped = new AbortController();
  private readonly announcer: Announcer;
  private readonly deliverer: Deliverer;
  private readonly store: WebhookStore;
  private readonly clock: Clock;
  private prunedAt = Number.NEGATIVE_INFINITY;
  private running: Promise<void> = Promise.resolve();

  constructor(private readonly parts: AnnouncerParts & DelivererParts) {
    this.announcer = new Announcer(parts);
    this.deliverer = new Deliverer(parts);
    this.store = parts.store;
    this.clock = parts.clock;
  }

  start(): void {
    this.running = this.run();
  }

  /** Begins nothing more and waits for what runs. A worker that dies without it loses nothing. */
  async stop(): Promise<void> {
    this.stopped.abort();
    await this.running;
    await this.deliverer.settled();
  }

  /** One look: at what is new, then at what is due. */
  async look(): Promise<void> {
    await this.announcer.announce();
    await this.deliverer.begin();
    await this.prune();
  }

  private async run(): Promise<void> {
    while (!this.stopped.signal.aborted) {
      await this.look().catch((error: unknown) =>
        logTrouble(this.parts.log, { error }, 'webhooks were not looked after; the next look is due soon'),
      );
      await this.clock.sleep(LOOK_EVERY_MS, this.stopped.signal);
    }
  }

  private async prune(): Promise<void> {
    if (this.clock.monotonic() - this.prunedAt < PRUNE_EVERY_MS) return;
    this.prunedAt = this.clock.monotonic();
    await this.store.prune(this.clock.now() - KEEP_MS);
  }
}
