import { randomBytes } from 'node:crypto';
import { type KeyWrapper, PortError, type WrappedKey, type WrappedKeys } from '#engine';
import { MASTER_KEY_BYTES, MasterKey } from './master-key.js';
import { MasterKeys } from './master-keys.js';

/** How often a process looks for keys that others added. */
const LOOK_EVERY_MS = 10_000;
/** How long a new key waits until it seals: every process has looked by then, and knows it. */
const SEALS_IN_SECONDS = 30;
/** How often the wrapper is asked whether we may still have the keys. */
const CONFIRM_EVERY_MS = 300_000;
/** How long keys stay in memory that the wrapper has not confirmed: a rotation outlives a restart of Vault. */
const KEPT_MS = 3_600_000;

export interface WrappedMasterKeysOptions {
  readonly wrapper: KeyWrapper;
  readonly store: WrappedKeys;
  /** Keys that open as well, from before there was a wrapper. */
  readonly old?: readonly MasterKey[];
  /** What seals in the place of wrapped keys, for an installation that leaves them. */
  readonly instead?: MasterKey | null;
  readonly onError?: (error: unknown) => void;
  /** Milliseconds of a clock that only goes forward. */
  readonly now?: () => number;
}

/**
 * Master keys that a wrapper keeps: wrapped they stand in the database, unwrapped in memory only, and there no longer
 * than an hour after the wrapper last gave them to us. Throws PortError `secret.keys-expired` (transient) after that.
 */
export class WrappedMasterKeys extends MasterKeys {
  private known = new Map<string, MasterKey>();
  private sealingId: string | null = null;
  private confirmedAt = 0;
  private timer: NodeJS.Timeout | null = null;
  private readonly now: () => number;

  private constructor(private readonly options: WrappedMasterKeysOptions) {
    super();
    this.now = options.now ?? (() => performance.now());
  }

  /** Makes the first key where there is none. Throws PortError as the wrapper and the store do. */
  static async open(options: WrappedMasterKeysOptions): Promise<WrappedMasterKeys> {
    const keys = new WrappedMasterKeys(options);
    if (!options.instead && (await options.store.list()).length === 0) {
      const { id, wrapped } = await keys.make();
      await options.store.addFirst(id, wrapped);
    }
    await keys.look(true);
    keys.timer = setInterval(() => void keys.keepUp(), LOOK_EVERY_MS).unref();
    return keys;
  }

  close(): void {
    if (this.timer) clearInterval(this.timer);
    this.forget();
  }

  override sealing(): MasterKey {
    if (this.options.instead) return this.options.instead;
    this.forgetExpired();
    const key = this.known.get(this.sealingId ?? '');
    if (key === undefined) throw this.expired();
    return key;
  }

  override find(id: string): MasterKey | null {
    const given = [this.options.instead, ...(this.options.old ?? [])].find((key) => key?.id === id);
    if (given) return given;
    this.forgetExpired();
    const key = this.known.get(id);
    if (key === undefined && this.isExpired) throw this.expired();
    return key ?? null;
  }

  override ids(): readonly string[] {
    const given = [this.options.instead, ...(this.options.old ?? [])].flatMap((key) => (key ? [key.id] : []));
    return [...new Set([...given, ...this.known.keys()])];
  }

  /** Reads the keys of the database; `confirm` asks the wrapper for every one of them again. */
  async look(confirm: boolean): Promise<void> {
    const rows = await this.options.store.list();
    const all = confirm || this.now() - this.confirmedAt >= CONFIRM_EVERY_MS;
    const sealingId = rows.findLast(({ seals }) => seals)?.id ?? null;
    const keys = new Map<string, MasterKey>();
    const asked = this.now();
    for (const row of rows) {
      const key =
        (all ? undefined : this.known.get(row.id)) ?? (await this.unwrap(row, row.id === sealingId));
      if (key !== null) keys.set(row.id, key);
    }
    this.known = keys;
    this.sealingId = sealingId;
    if (all) this.confirmedAt = asked;
  }

  /** Whether a key was added that does not seal yet. */
  async rotates(): Promise<boolean> {
    const rows = await this.options.store.list();
    await this.look(false);
    return rows.some(({ seals }) => !seals);
  }

  /** Adds a key that seals when every process knows it, half a minute from now; returns its id. */
  async rotate(): Promise<string> {
    const { id, wrapped } = await this.make();
    await this.options.store.add(id, wrapped, SEALS_IN_SECONDS);
    await this.look(false);
    return id;
  }

  /** Wraps every key anew, so that older versions of the key that wraps may be retired. */
  async rewrapAll(): Promise<void> {
    for (const [id, key] of this.known) {
      await this.options.store.rewrap(id, await this.options.wrapper.wrap(key.bytes));
    }
  }

  private async make(): Promise<{ id: string; wrapped: string }> {
    const bytes = randomBytes(MASTER_KEY_BYTES);
    const { id } = new MasterKey(bytes.toString('base64'), this.options.wrapper.name);
    return { id, wrapped: await this.options.wrapper.wrap(bytes) };
  }

  /** Null for a key that the wrapper refuses and nothing is sealed with any more: it must not keep us from the others. */
  private async unwrap({ id, wrapped }: WrappedKey, seals: boolean): Promise<MasterKey | null> {
    const { wrapper, onError, instead } = this.options;
    try {
      const key = new MasterKey((await wrapper.unwrap(wrapped)).toString('base64'), wrapper.name);
      if (key.id !== id) throw swapped(id, key.id);
      return key;
    } catch (error) {
      if ((seals && !instead) || !(error instanceof PortError) || error.transient) throw error;
      onError?.(error);
      return null;
    }
  }

  private async keepUp(): Promise<void> {
    await this.look(false).catch((error: unknown) => this.options.onError?.(error));
    this.forgetExpired();
  }

  private get isExpired(): boolean {
    return this.now() - this.confirmedAt >= KEPT_MS;
  }

  private forgetExpired(): void {
    if (this.isExpired) this.forget();
  }

  private forget(): void {
    this.known = new Map();
    this.sealingId = null;
  }

  private expired(): PortError {
    return new PortError(
      {
        code: 'secret.keys-expired',
        message: `The master keys were dropped from memory: ${this.options.wrapper.name} has not given them to us for an hour.`,
        nextStep: 'Bring Vault back, and check that the login is still allowed to decrypt.',
      },
      { transient: true },
    );
  }
}

function swapped(id: string, found: string): PortError {
  return new PortError({
    code: 'secret.bad-master-key',
    message: `The wrapped master key ${id} of the database is the key ${found}.`,
    nextStep: 'The table master_keys was edited. Restore it from a backup.',
  });
}
