const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const QUIET_FOR_MS = 1_000;
const FRAME_MS = 100;

export interface ProgressStream {
  /** A terminal: what is written may be written over. */
  readonly live: boolean;
  readonly write: (text: string) => void;
  /** Milliseconds, on whatever clock. */
  readonly now: () => number;
}

/**
 * Says what is waited for once nothing was written for a second: in a terminal a line that turns and counts, and is
 * gone when there is something to read; elsewhere one line for each thing that has a name.
 */
export class Progress {
  private what = '';
  private named = false;
  private since: number;
  private shown = false;
  private timer: NodeJS.Timeout | null = null;

  constructor(private readonly stream: ProgressStream) {
    this.since = stream.now();
  }

  /** `what`: shown where nothing better is said by {@link waitingFor}. */
  start(what: string): void {
    this.what = what;
    this.since = this.stream.now();
    this.timer ??= setInterval(() => this.tick(), FRAME_MS).unref();
  }

  waitingFor(what: string): void {
    this.hush();
    this.what = what;
    this.named = true;
  }

  /** Before something else is written. */
  hush(): void {
    if (this.shown && this.stream.live) this.stream.write('\r\u001b[2K');
    this.shown = false;
    this.since = this.stream.now();
  }

  stop(): void {
    this.hush();
    if (this.timer !== null) clearInterval(this.timer);
    this.timer = null;
  }

  tick(): void {
    const waited = this.stream.now() - this.since;
    if (waited < QUIET_FOR_MS) return;
    if (this.stream.live) this.draw(waited);
    else if (this.named && !this.shown) this.stream.write(`${this.what} ...\n`);
    this.shown = true;
    if (!this.stream.live) this.named = false;
  }

  private draw(waited: number): void {
    const frame = FRAMES[Math.floor(waited / FRAME_MS) % FRAMES.length];
    this.stream.write(`\r\u001b[2K${frame} ${this.what}, ${Math.floor(waited / 1_000)} s`);
  }
}
