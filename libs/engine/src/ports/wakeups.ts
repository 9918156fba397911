/** What a queue job carries: an id, nothing more. It may be lost or doubled; the journal is the truth. */
export type Wakeup =
  | { readonly kind: 'rotation'; readonly id: string }
  /** The hosts of one batch of rotation `id` have something to do. */
  | { readonly kind: 'batch'; readonly id: string; readonly batch: number }
  | { readonly kind: 'schedule'; readonly id: string };

/** When a schedule ticks: a cron pattern with an IANA time zone, or a period in milliseconds. */
export type Recurrence =
  | { readonly cron: string; readonly timeZone: string }
  | { readonly everyMilliseconds: number };

/** How many wake-ups the queue holds. */
export interface QueueDepth {
  /** Due, and not yet handed out. */
  readonly waiting: number;
  /** Handed to workers. */
  readonly active: number;
  /** For a moment to come. */
  readonly delayed: number;
}

/** The queue as the engine sees it. */
export abstract class Wakeups {
  /** Asks some worker to look at the rotation, at once or after a delay in milliseconds. */
  abstract wakeRotation(rotationId: string, delayMilliseconds?: number): Promise<void>;

  /** Asks some worker to look at the hosts of one batch, at once or after a delay in milliseconds. */
  abstract wakeBatch(rotationId: string, batch: number, delayMilliseconds?: number): Promise<void>;

  /** Returns when the server of the queue has answered, and throws where it is away. */
  abstract answers(): Promise<void>;

  abstract depth(): Promise<QueueDepth>;

  /** Creates or replaces a repeating wake-up; the same id never ticks twice for one slot. */
  abstract setSchedule(scheduleId: string, recurrence: Recurrence): Promise<void>;
  abstract removeSchedule(scheduleId: string): Promise<void>;

  /** Starts handing wake-ups to `handler`, at most `concurrency` at once, until {@link close}. */
  abstract consume(handler: (wakeup: Wakeup) => Promise<void>, concurrency: number): Promise<void>;

  /** Stops taking wake-ups, waits for running handlers, closes connections. */
  abstract close(): Promise<void>;
}
