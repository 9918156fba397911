import type ssh2 from 'ssh2';
import type { HostTarget } from '#engine';
import { unreachable } from './failures.js';

/** Of one answer. Whoever says more is not one of ours, and would fill the memory of the worker. */
const MAX_REPLY_BYTES = 32 << 20;
/** Of what comes beside an answer, which is there to be shown to people. */
const MAX_ERROR_BYTES = 1 << 20;
/** The end of an answer is shorter, and may lie across two chunks. */
const END_BYTES = 64;
const NEWLINE = 10;
/** The first line that is ours: what a login shell printed before it, to greet or to complain, belongs to nobody. */
export const GREETING = 'windlass-host';

export interface ExecReply {
  readonly stdout: string;
  readonly stderr: string;
  /** False when it was cut off before its end: then it may say why, and never that the step was done. */
  readonly whole: boolean;
}

interface Waiting {
  readonly number: number;
  readonly resolve: (reply: ExecReply) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

/**
 * The armed exec: one command on the host that answers one message after another for as long as the channel is
 * open. A message is one write, so that a whole wave can be told at once. An answer ends with a line
 * `done NUMBER`.
 */
export class ExecChannel {
  private readonly waiting: Waiting[] = [];
  private out: Buffer[] = [];
  private err: Buffer[] = [];
  private size = 0;
  private errorSize = 0;
  /** What was not searched for an end yet, behind the last of what was: each byte is searched once. */
  private unsearched = '\n';
  private number = 0;
  private greeted = false;
  private ended = false;

  constructor(
    private readonly channel: ssh2.ClientChannel,
    private readonly host: HostTarget,
    private readonly onEnd: () => void,
  ) {
    channel.on('data', (chunk: Buffer) => this.read(chunk));
    channel.stderr.on('data', (chunk: Buffer) => this.readError(chunk));
    channel.once('close', () => this.end());
    channel.on('error', () => this.end());
  }

  /** Sends what the command has to be given before it hears messages. */
  begin(input: string): void {
    this.channel.write(input);
  }

  /**
   * Sends one message, made for the number that its answer will name. What the command printed before it died is
   * an answer too. Throws `host.unreachable` when there is none in time.
   */
  ask(message: (number: number) => string, timeoutMs: number): Promise<ExecReply> {
    this.number += 1;
    const { number } = this;
    return new Promise((resolve, reject) => {
      if (this.ended) return reject(unreachable(this.host, 'the connection was cut'));
      const timer = setTimeout(() => this.giveUp(timeoutMs), timeoutMs);
      this.waiting.push({ number, resolve, reject, timer });
      this.channel.write(message(number));
    });
  }

  private read(chunk: Buffer): void {
    if (this.ended) return;
    this.size += chunk.length;
    if (this.size > MAX_REPLY_BYTES) {
      this.leave(`it says more than ${MAX_REPLY_BYTES >> 20} MB`);
      return;
    }
    this.out.push(chunk);
    this.unsearched += chunk.toString('latin1');
    if (chunk.at(-1) === NEWLINE) this.search();
  }

  private search(): void {
    if (!this.greeted && this.unsearched.includes(`\n${GREETING}\n`)) this.greet();
    for (let next = this.waiting[0]; next; next = this.waiting[0]) {
      if (!this.unsearched.includes(`\ndone ${next.number}\n`)) break;
      const text = Buffer.concat(this.out).toString();
      const end = `done ${next.number}\n`;
      const at = text.startsWith(end) ? 0 : text.indexOf(`\n${end}`) + 1;
      this.settle(next, text.slice(0, at), true);
      this.keep(text.slice(at + end.length));
    }
    this.unsearched = this.unsearched.slice(-END_BYTES);
  }

  private readError(chunk: Buffer): void {
    if (this.errorSize < MAX_ERROR_BYTES) this.err.push(chunk);
    this.errorSize += chunk.length;
  }

  private greet(): void {
    const text = Buffer.concat(this.out).toString();
    const at = text.lastIndexOf(`\n${GREETING}\n`);
    if (at < 0) return;
    this.greeted = true;
    this.forgetErrors();
    this.keep(text.slice(at + GREETING.length + 2));
  }

  private keep(rest: string): void {
    this.out = rest === '' ? [] : [Buffer.from(rest)];
    this.size = rest.length;
    this.unsearched = `\n${rest}`;
  }

  private forgetErrors(): void {
    this.err = [];
    this.errorSize = 0;
  }

  private settle(waiting: Waiting, stdout: string, whole: boolean): void {
    clearTimeout(waiting.timer);
    this.waiting.shift();
    waiting.resolve({ stdout, stderr: Buffer.concat(this.err).toString(), whole });
    this.forgetErrors();
  }

  /** Answers come in turn: behind one that does not come none will. */
  private giveUp(timeoutMs: number): void {
    this.leave(`no answer within ${timeoutMs / 1000} s`);
  }

  private leave(why: string): void {
    this.fail(why);
    this.channel.close();
    this.end();
  }

  private end(): void {
    if (this.ended) return;
    this.ended = true;
    this.onEnd();
    const [next] = this.waiting;
    const text = Buffer.concat(this.out).toString();
    if (next && (text !== '' || this.err.length > 0)) this.settle(next, text, false);
    this.fail('the connection was cut');
  }

  private fail(why: string): void {
    for (const { reject, timer } of this.waiting.splice(0)) {
      clearTimeout(timer);
      reject(unreachable(this.host, why));
    }
  }
}
