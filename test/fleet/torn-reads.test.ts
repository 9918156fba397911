import { readFileSync } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bundle, LONG_MS, OneHost } from './one-host.js';

const LONGEST_MS = 30_000;
const ROUNDS = 8;
/** As long as a bundle may be, so that a copy takes many writes. */
const FILLER = `# ${'x'.repeat(100)}\n`.repeat(8_000);
let one: OneHost;

beforeAll(async () => {
  one = await OneHost.boot();
});

afterAll(() => one?.stop());

/** Reads the live file again and again; `torn` counts what was neither of the two. */
class Reader {
  reads = 0;
  torn = 0;
  private going = true;
  private readonly done: Promise<void>;

  constructor(path: string, whole: ReadonlySet<string>) {
    this.done = this.run(path, whole);
  }

  async stop(): Promise<void> {
    this.going = false;
    await this.done;
  }

  private async run(path: string, whole: ReadonlySet<string>): Promise<void> {
    while (this.going) {
      if (!whole.has(readFileSync(path, 'utf8'))) this.torn += 1;
      this.reads += 1;
      await turn();
    }
  }
}

it('a switch is never read half, where a copy in place is', async () => {
  const path = one.host.outside('etc/nginx/trust/client-ca.pem');
  const from = bundle(one.from.content + FILLER);
  const to = bundle(one.to.content + FILLER);
  const whole = new Set([from.content, to.content]);
  one.host.writeFile('etc/nginx/trust/client-ca.pem', from.content);

  const reader = new Reader(path, whole);
  for (let round = 0; round < ROUNDS; round += 1) {
    await one.gateway.stage(one.target(), one.token(), from.digest, to, LONG_MS);
    await one.gateway.commit(one.target(), one.token(), from.digest, to.digest, LONG_MS);
    await one.gateway.revert(one.target(), one.token(), from.digest, to.digest);
  }
  await reader.stop();
  expect(reader.reads).toBeGreaterThan(10 * ROUNDS);
  expect(reader.torn).toBe(0);

  one.host.writeFile('run/from', from.content);
  one.host.writeFile('run/to', to.content);
  one.host.exec(
    `touch /run/copy; { while [ -e /run/copy ]; do
       cat /run/to > /etc/nginx/trust/client-ca.pem; cat /run/from > /etc/nginx/trust/client-ca.pem
     done; } >/dev/null 2>&1 &`,
  );
  const control = new Reader(path, whole);
  await expect.poll(() => control.torn, { timeout: LONGEST_MS }).toBeGreaterThan(0);
  await control.stop();
  one.host.exec('rm /run/copy');
});
