const NEWLINE = 10;

/** One message to the host script (libs/host/script/message.sh). */
export interface HostMessage {
  /** The last value of each key. */
  readonly values: ReadonlyMap<string, string>;
  /** What comes behind `end`, without the dot that guards its newlines; empty where there is none. */
  readonly body: string;
}

/** Takes the bytes of one channel apart: first the script, by its length, then one message after another. */
export class HostMessages {
  private held: Buffer = Buffer.alloc(0);
  private values = new Map<string, string>();
  private payload: number | null = null;

  /** `scriptBytes`: how much of what comes is the script. */
  constructor(private scriptBytes: number) {}

  /** The messages that are whole by now. */
  add(chunk: Buffer): readonly HostMessage[] {
    this.held = this.held.length === 0 ? chunk : Buffer.concat([this.held, chunk]);
    if (this.held.length < this.scriptBytes) return [];
    this.held = this.held.subarray(this.scriptBytes);
    this.scriptBytes = 0;
    const whole: HostMessage[] = [];
    for (let next = this.next(); next !== null; next = this.next()) whole.push(next);
    return whole;
  }

  private next(): HostMessage | null {
    while (this.payload === null) {
      const end = this.held.indexOf(NEWLINE);
      if (end < 0) return null;
      this.line(this.held.toString('utf8', 0, end));
      this.held = this.held.subarray(end + 1);
    }
    if (this.held.length < this.payload) return null;
    const body = this.held.toString('utf8', 0, Math.max(0, this.payload - 1));
    const message = { values: this.values, body };
    this.held = this.held.subarray(this.payload);
    this.values = new Map();
    this.payload = null;
    return message;
  }

  private line(text: string): void {
    const space = text.indexOf(' ');
    const key = space < 0 ? text : text.slice(0, space);
    if (key === 'end') this.payload = Number(this.values.get('payload') ?? 0);
    else this.values.set(key, text.slice(space + 1));
  }
}
