import pLimit from 'p-limit';
import type { HostTarget } from '#engine';
import type { HostConnection } from './connection.js';
import { jumpKey } from './jump-hosts.js';

/** An idle connection is kept this long, which is longer than a vote stands: connecting is the largest cost of a rotation. */
const IDLE_MS = 90_000;
/** Some 85 KB of the worker's memory each, so that it does not grow with the fleet; twice what is in one wave. */
const MOST_IDLE = 1_000;

/** Of those that begin: each takes CPU on both sides, and an SSH agent answers one after another. */
const LOGINS_AT_ONCE = 64;

interface Open {
  readonly host: HostTarget;
  readonly connection: Promise<HostConnection>;
  idle: NodeJS.Timeout | null;
  busy: number;
  /** Something may be staged over it that nobody has decided on: it ends with the connection, unless that is left. */
  voted: boolean;
}

/** Whether a host has something staged when this was said: `begins`, `ends`, or as before. */
export type Vote = 'begins' | 'ends' | 'stays';

/** How connections begin, and how one ends over which something is staged. */
export interface Reaching {
  /** Opens one, and calls `forget` when it is gone. */
  reach(host: HostTarget, forget: () => void): Promise<HostConnection>;
  /** Has the host stand by its vote when this connection ends. Rejects where it will not. */
  leave(host: HostTarget, connection: HostConnection): Promise<void>;
}

/** One connection per host for all steps of a rotation; those that nobody needs are ended, those of long ago first. */
export class OpenConnections {
  private readonly open = new Map<string, Open>();
  /** Those of `open` over which nothing is said at present, the longest idle first. */
  private readonly resting = new Map<string, Open>();
  private readonly limit = pLimit(LOGINS_AT_ONCE);

  constructor(
    private readonly reaching: Reaching,
    private readonly mostIdle = MOST_IDLE,
  ) {}

  /** Speaks over the connection to a host, which is opened where there is none. */
  async use<Answer>(
    host: HostTarget,
    vote: Vote,
    speak: (connection: HostConnection) => Promise<Answer>,
  ): Promise<Answer> {
    const key = keyOf(host);
    const open = this.open.get(key) ?? this.begin(host, key);
    this.wake(key, open);
    if (vote === 'begins') open.voted = true;
    try {
      const answer = await speak(await open.connection);
      if (vote === 'ends') open.voted = false;
      return answer;
    } finally {
      open.busy--;
      if (open.busy === 0) this.rest(key, open);
    }
  }

  /** Ends the connection to a host, which is opened anew when somebody speaks to it. */
  end(host: HostTarget): void {
    const key = keyOf(host);
    const open = this.open.get(key);
    if (open) this.drop(key, open);
  }

  async close(): Promise<void> {
    const all = [...this.open.values()];
    this.open.clear();
    this.resting.clear();
    for (const { connection, idle } of all) {
      if (idle) clearTimeout(idle);
      (await connection.catch(() => null))?.end();
    }
  }

  private begin(host: HostTarget, key: string): Open {
    const forget = () => this.forget(key, open);
    const open: Open = {
      host,
      connection: this.limit(() => this.reaching.reach(host, forget)),
      idle: null,
      busy: 0,
      voted: false,
    };
    open.connection.catch(forget);
    this.open.set(key, open);
    return open;
  }

  private wake(key: string, open: Open): void {
    open.busy++;
    if (open.idle) clearTimeout(open.idle);
    this.resting.delete(key);
  }

  private rest(key: string, open: Open): void {
    open.idle = setTimeout(() => this.drop(key, open), IDLE_MS).unref();
    if (this.open.get(key) !== open) return;
    this.resting.set(key, open);
    for (const [oldest, other] of this.resting) {
      if (this.resting.size <= this.mostIdle) return;
      this.drop(oldest, other);
    }
  }

  private drop(key: string, open: Open): void {
    this.forget(key, open);
    if (open.idle) clearTimeout(open.idle);
    this.part(open).catch(() => undefined);
  }

  /** A host that could not be told drops what it staged, and is asked to stage it again when it is to switch. */
  private async part({ host, connection: opening, voted }: Open): Promise<void> {
    const connection = await opening;
    try {
      if (voted) await this.reaching.leave(host, connection);
    } finally {
      connection.end();
    }
  }

  private forget(key: string, open: Open): void {
    if (this.open.get(key) === open) this.open.delete(key);
    if (this.resting.get(key) === open) this.resting.delete(key);
  }
}

/** A connection is shared only by those who would have logged in alike. */
function keyOf(host: HostTarget): string {
  const { id, address, port, user, hostKey, privateKey, jump, access = 'root' } = host;
  const login = privateKey === null ? 'agent' : 'key';
  return [id, address, port, user, hostKey, login, access, jump ? jumpKey(jump) : ''].join('|');
}
