import { WebhookLoop, type WebhookStore } from '#engine';
import { startWebhookReceiver, verified, type WebhookReceiver } from '#kit';
import { PlayedWorker } from './played-worker.js';
import { recordFleet, requestRotation } from './recording.js';
import { type RunningApi, runApi } from './running-api.js';

/** An event as a receiver reads it. */
export type Told = ReturnType<typeof verified>;

export interface RequestedRotation {
  readonly id: string;
  readonly fleetId: string;
  readonly worker: PlayedWorker;
}

/** An installation whose webhooks lead to a receiver on loopback, and workers on a clock that the test moves. */
export class WebhookRig {
  /** A little ahead, so that what was recorded just now is due. */
  now = Date.now() + 60_000;
  readonly errors: string[] = [];

  private constructor(
    readonly api: RunningApi,
    readonly receiver: WebhookReceiver,
  ) {}

  static async open(): Promise<WebhookRig> {
    const api = await runApi({ webhookAllowedRanges: ['127.0.0.0/8'] });
    return new WebhookRig(api, await startWebhookReceiver());
  }

  async stop(): Promise<void> {
    await this.receiver?.stop();
    await this.api?.stop();
  }

  /** An endpoint that leads to the receiver, with its secret. */
  async endpoint(over: object = {}): Promise<{ readonly id: string; readonly secret: string }> {
    const made = await this.api.call('POST', '/v1/webhooks', { body: { url: this.receiver.url, ...over } });
    if (made.status !== 201) throw new Error(`no webhook was made: ${made.text}`);
    return made.body;
  }

  fleet(): Promise<string> {
    return recordFleet(this.api, 1, { soakSeconds: 0, contractWhen: 'soaked' });
  }

  /** Of a fleet of its own when none is named. */
  async rotation(named?: string): Promise<RequestedRotation> {
    const fleetId = named ?? (await this.fleet());
    const id = await requestRotation(this.api, fleetId);
    return { id, fleetId, worker: new PlayedWorker(this.api.installation, id) };
  }

  /** A worker that looks once, and sends what is due; `store` takes the place of the real one. */
  async look(store?: WebhookStore): Promise<void> {
    const { webhooks, parts } = this.api.installation;
    const clock = { now: () => this.now, monotonic: () => this.now, sleep: async () => undefined };
    const log = {
      warn: (fields: object, message: string) => void ('error' in fields && this.errors.push(message)),
      error: (_: object, message: string) => void this.errors.push(message),
    };
    const loop = new WebhookLoop({
      ...{ store: store ?? webhooks.store, sender: webhooks.sender, journal: parts.journal },
      ...{ rotations: parts.rotations, clock, log, random: () => 0.5 },
    });
    await loop.look();
    await loop.stop();
  }

  /** Looks until nothing more is due now. */
  async lookAtAll(): Promise<void> {
    for (let before = -1; before !== this.receiver.received.length; ) {
      before = this.receiver.received.length;
      await this.look();
    }
  }

  /** What came that the secret verifies: each once, as a receiver keeps it, in the order of the journal. */
  told(secret: string): readonly Told[] {
    const events = this.receiver.received.map((one) => verified(one, secret));
    const once = new Map(events.map((event) => [event.id, event]));
    return [...once.values()].sort((a, b) => Number(a.data?.sequence) - Number(b.data?.sequence));
  }

  // biome-ignore lint/suspicious/noExplicitAny: a test reads what it expects, and fails where that is not there.
  async deliveries(webhookId: string): Promise<any[]> {
    return (await this.api.call('GET', `/v1/webhooks/${webhookId}/deliveries?limit=200`)).body.items;
  }
}

/** The last part of its type. */
export function kindOf({ type }: Told): string {
  return type.replace(/^dev\.windlass\.\w+\./, '');
}
