import { Duplex, PassThrough } from 'node:stream';
import type ssh2 from 'ssh2';
import { beforeEach, describe, expect, it } from 'vitest';
import type { HostTarget } from '#engine';
import { ExecChannel, GREETING } from './exec-channel.js';

const HOST = { name: 'edge-1', address: '192.0.2.1', port: 22 } as HostTarget;
const LONG_MS = 600_000;

/** What a host says on both of its ends, as ssh2 hands it over. */
class Saying extends Duplex {
  readonly stderr = new PassThrough();
  left = false;

  override _read(): void {}

  override _write(_chunk: Buffer, _encoding: string, heard: () => void): void {
    heard();
  }

  close(): void {
    this.left = true;
  }

  /** In pieces as they come from the network. */
  says(...chunks: readonly string[]): void {
    for (const chunk of chunks) this.emit('data', Buffer.from(chunk));
  }
}

let host: Saying;
let channel: ExecChannel;

beforeEach(() => {
  host = new Saying();
  channel = new ExecChannel(host as unknown as ssh2.ClientChannel, HOST, () => {});
  host.says(`motd\n${GREETING}\n`);
});

const ask = () => channel.ask((number) => `message ${number}\n`, LONG_MS);

describe('an answer', () => {
  it('ends with its own line, wherever the pieces are cut', async () => {
    const [first, second] = [ask(), ask()];
    host.says('a\nnot done 1\ndone 2x\ndo', 'ne 1\nb', '\ndone 2\n');
    expect(await first).toMatchObject({ stdout: 'a\nnot done 1\ndone 2x\n', whole: true });
    expect(await second).toMatchObject({ stdout: 'b\n', whole: true });
  });

  it('may have no line but its end', async () => {
    const answer = ask();
    host.says('done 1\n');
    expect(await answer).toMatchObject({ stdout: '', whole: true });
  });

  it('is not waited for behind one that came in the same piece', async () => {
    const [first, second] = [ask(), ask()];
    host.says('a\ndone 1\nthe next one begins\n');
    expect(await first).toMatchObject({ stdout: 'a\n' });
    host.says('done 2\n');
    expect(await second).toMatchObject({ stdout: 'the next one begins\n' });
  });
});

describe('a host that means to do harm', () => {
  it('cannot keep the worker busy with an answer of very many lines', async () => {
    const answer = ask();
    const line = `${'x'.repeat(63)}\n`;
    for (let said = 0; said < 8 << 20; said += line.length) host.says(line);
    host.says('done 1\n');
    expect((await answer).stdout).toHaveLength(8 << 20);
  });

  it('is left when its answer does not end', async () => {
    const answer = expect(ask()).rejects.toMatchObject({
      problem: { code: 'host.unreachable', message: expect.stringContaining('more than 32 MB') },
    });
    const piece = 'x'.repeat(1 << 20);
    for (let said = 0; said <= 32; said += 1) host.says(piece);
    await answer;
    expect(host.left).toBe(true);
  });

  it('cannot fill the memory of the worker with complaints', async () => {
    const answer = ask();
    const piece = Buffer.from('x'.repeat(1 << 19));
    for (let said = 0; said < 64; said += 1) host.stderr.emit('data', piece);
    host.says('done 1\n');
    expect((await answer).stderr).toHaveLength(1 << 20);
  });
});
