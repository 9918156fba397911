import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { JOURNAL_CHANNEL } from './journal-append.js';

const RECONNECT_MS = 500;

/**
 * One LISTEN connection of this process, shared by all who wait for entries, opened with the first of them.
 * After a broken connection everybody is called once, as anything may have been missed.
 */
export class JournalHints {
  readonly #listeners = new Map<string, Set<() => void>>();
  #client: pg.Client | null = null;
  #connecting: Promise<void> | null = null;
  #closed = false;

  /** @param url of the database, with its password */
  constructor(private readonly url: string) {}

  /** Returns once the hints flow, or once the first try to connect failed; it goes on trying. */
  async subscribe(rotationId: string, listener: () => void): Promise<() => Promise<void>> {
    const listeners = this.#listeners.get(rotationId) ?? new Set();
    this.#listeners.set(rotationId, listeners.add(listener));
    await this.connected();
    return async () => {
      listeners.delete(listener);
      if (listeners.size === 0 && this.#listeners.get(rotationId) === listeners)
        this.#listeners.delete(rotationId);
    };
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#listeners.clear();
    await this.#connecting;
    await this.#client?.end();
    this.#client = null;
  }

  private async connected(): Promise<void> {
    if (this.#closed || this.#client !== null) return;
    this.#connecting ??= this.connect().finally(() => {
      this.#connecting = null;
    });
    await this.#connecting;
  }

  private async connect(): Promise<void> {
    const client = new pg.Client({
      connectionString: this.url,
      application_name: 'windlass journal hints',
      connectionTimeoutMillis: 5000,
      // Without it a connection that a firewall forgot stays silent for ever.
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
    });
    client.on('notification', ({ payload }) => this.call(payload ?? ''));
    client.on('error', () => {});
    client.once('end', () => this.lost(client));
    try {
      await client.connect();
      await client.query(`LISTEN ${JOURNAL_CHANNEL}`);
      this.#client = client;
      for (const rotationId of this.#listeners.keys()) this.call(rotationId);
    } catch {
      // What is wrong with the database is told by whoever reads or writes it; hints are only missed.
      await client.end().catch(() => {});
      void this.reconnect();
    }
  }

  private lost(client: pg.Client): void {
    if (this.#client !== client) return;
    this.#client = null;
    void this.reconnect();
  }

  private async reconnect(): Promise<void> {
    await sleep(RECONNECT_MS, undefined, { ref: false });
    await this.connected();
  }

  private call(rotationId: string): void {
    for (const listener of this.#listeners.get(rotationId) ?? []) queueMicrotask(listener);
  }
}
