import type { HostToken, HostTransaction } from '#engine';
import { digestOf } from '#trust';
import { problem } from './problem.js';
import type { Random } from './random.js';
import { type ServedTrust, trustOf } from './trust.js';
import type { VirtualTime } from './virtual-time.js';

export interface Staged {
  readonly content: string;
  /** By the host's monotonic clock, in milliseconds. */
  readonly voteUntil: number;
}

/** What the host keeps over a crash of a script, and over a reboot. */
export interface HostState {
  token: HostToken;
  step: HostTransaction['step'];
  from: string;
  to: string;
  /** What was staged was dropped because its vote ran out. */
  lapsed: boolean;
}

export interface HostTroubles {
  /** `nginx -t` fails with whatever is staged. */
  refusesBundles: boolean;
  /** A reload returns 0 and the old configuration stays (F14). */
  reloadStuck: boolean;
  /** Another server of the socket decides which sessions are taken up, and its trust does not change (F16). */
  keepsSessions: boolean;
}

/** One nginx host: its files, what its workers serve, the state file, a lock and a dead-man. */
export abstract class SimHost {
  /** What runs here on our behalf. */
  abstract readonly scripts: { killAll(): void; returnByItself(): Promise<void> };
  file: string;
  serving: string;
  staged: Staged | null = null;
  state: HostState | null = null;
  /** By the host's monotonic clock; null when nothing is armed. */
  deadline: number | null = null;
  up = true;
  /** Counts reboots: a timer of an earlier boot fires no more. */
  boot = 0;
  reloads = 0;
  readonly troubles: HostTroubles = { refusesBundles: false, reloadStuck: false, keepsSessions: false };
  /** Contents that were ever brought here, by digest: the rollback copies. */
  private readonly kept = new Map<string, string>();

  constructor(
    readonly id: string,
    content: string,
    readonly time: VirtualTime,
    readonly random: Random,
    /** How fast its clock runs: 1 is right. */
    private readonly rate: number,
    /** Called whenever files or workers changed. */
    readonly onChange: (host: SimHost, what: string) => void,
  ) {
    this.file = content;
    this.serving = content;
  }

  monotonic(): number {
    return this.time.now() * this.rate;
  }

  get digest(): string {
    return digestOf(this.file);
  }

  get trust(): ServedTrust {
    return trustOf(this.serving);
  }

  keep(content: string): void {
    this.kept.set(digestOf(content), content);
  }

  copyOf(digest: string): string {
    const content = this.kept.get(digest);
    if (content === undefined) throw problem('host.digest-mismatch', `${this.id} has no copy of ${digest}`);
    return content;
  }

  rename(content: string): void {
    this.file = content;
    this.onChange(this, 'rename');
  }

  /** New workers load what lies there; a stuck master keeps the old ones. */
  reload(): boolean {
    if (this.troubles.reloadStuck) return false;
    this.reloads += 1;
    this.serving = this.file;
    this.onChange(this, 'reload');
    return true;
  }

  /** Puts the near side back by itself when nobody confirmed in time. */
  arm(milliseconds: number): void {
    this.deadline = this.monotonic() + milliseconds;
    this.watch();
  }

  disarm(): void {
    this.deadline = null;
  }

  /** SIGKILL of the whole machine; files and state stay as they are. */
  powerOff(): void {
    this.up = false;
    this.scripts.killAll();
    this.deadline = null;
  }

  /** nginx starts with the file that lies there; no timer survives. */
  powerOn(): void {
    this.up = true;
    this.boot += 1;
    this.serving = this.file;
    this.onChange(this, 'boot');
  }

  /** Comes back as it was long ago: the old file, no state (F12). */
  reimage(content: string): void {
    this.scripts.killAll();
    this.staged = null;
    this.state = null;
    this.deadline = null;
    this.kept.clear();
    this.boot += 1;
    this.file = content;
    this.serving = content;
    this.onChange(this, 'reimage');
  }

  /** Calls back after so many milliseconds by the clock of this host. */
  after(milliseconds: number, run: () => void): void {
    this.time.after(milliseconds / this.rate + 1, run);
  }

  private watch(): void {
    const { boot, deadline } = this;
    if (deadline === null) return;
    this.after(deadline - this.monotonic(), () => {
      if (this.boot !== boot || !this.up || this.deadline === null) return;
      if (this.deadline > this.monotonic()) return;
      void this.scripts.returnByItself();
    });
  }
}
