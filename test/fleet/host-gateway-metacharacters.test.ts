import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { BAITS, CANARY, fileName, plainName, word } from './metacharacters.js';
import { bundle, codeOf, type OneHost } from './one-host.js';
import { bootUserland, USERLANDS } from './userlands.js';

/** What the host script asks of nginx, before or behind the words that nginx is always given. */
const QUESTION = /^-[TVt]$/;

/** Notes the words that it was given, each with a zero behind it, then does what it is for. */
const recorder = (does: string) => `#!/bin/sh
{ for word; do printf '%s\\0' "$word"; done; printf '\\n\\0'; } >> /run/words
for word; do case $word in -[TVt]) question=$word ;; esac; done
${does}
`;
const TRUST = '/etc/nginx/trust';
const RUNS = { numRuns: 20 };

describe.each(USERLANDS)('where /bin/sh is $name, no shell reads', (userland) => {
  let one: OneHost;

  beforeAll(async () => {
    one = await bootUserland(userland);
    one.host.writeFile('run/recorder', recorder('exec nginx "$question"'));
    one.host.writeFile('run/reloader', recorder('exec nginx -s reload'));
    one.host.exec('chmod +x /run/recorder /run/reloader');
  });
  beforeEach(() => one.begin());
  afterEach(() => {
    expect(existsSync(one.host.outside(CANARY)) || existsSync(`/${CANARY}`), 'a shell took the bait').toBe(
      false,
    );
  });
  afterAll(() => one?.stop());

  /** What the recorders were given since the last call, one list for each start. */
  const recorded = (): string[][] => {
    const file = one.host.outside('run/words');
    if (!existsSync(file)) return [];
    const calls = readFileSync(file, 'utf8').split('\0\n\0').slice(0, -1);
    rmSync(file);
    return calls.map((call) => call.split('\0'));
  };

  it('nothing that it would not act on: the bait is one', () => {
    one.host.exec(`cd / && eval 'echo ${BAITS[0]}'`);
    expect(existsSync(one.host.outside(CANARY)) || existsSync(`/${CANARY}`)).toBe(true);
    one.host.exec(`rm /${CANARY}`);
  });

  it('the words that nginx is given: they arrive one by one, as they are', async () => {
    const words = fc.array(word, { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(words, async (nginxArguments) => {
        await one.gateway.observe(one.target({ nginxBinary: '/run/recorder', nginxArguments }));
        const calls = recorded();
        expect(calls).not.toEqual([]);
        for (const call of calls) expect(call.filter((one) => !QUESTION.test(one))).toEqual(nginxArguments);
      }),
      RUNS,
    );
  });

  it('the words of the reload command', async () => {
    const words = fc.array(word, { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(words, async (given) => {
        await one.begin();
        const target = one.target({ reloadCommand: ['/run/reloader', ...given] });
        await one.stage(one.token(), undefined, one.to, target);
        await one.commit(one.token(), undefined, target);
        expect(recorded()).toEqual([given]);
        await one.revert(one.token(), target);
        expect(recorded()).toEqual([given]);
      }),
      { numRuns: 6 },
    );
  });

  /** A bundle of that name, observed, staged beside and dropped again; returns what the host said of it. */
  const handle = async (name: string): Promise<string> => {
    await one.begin();
    const live = one.host.outside(`${TRUST}/${name}`);
    const target = one.target({ managedPaths: [`${TRUST}/${name}`] });
    writeFileSync(live, one.from.content);
    try {
      const said = await codeOf(
        (async () => {
          const { files } = await one.gateway.observe(target);
          expect(files).toMatchObject([{ path: `${TRUST}/${name}`, digest: one.from.digest }]);
          await one.stage(one.token(), undefined, one.to, target);
          const staged = one.host.outside(`${TRUST}/.windlass-staged-${name}`);
          expect(readFileSync(staged, 'utf8')).toBe(one.to.content);
          await one.gateway.discard(target, one.token());
        })(),
      );
      expect(readFileSync(live, 'utf8')).toBe(one.from.content);
      return said;
    } finally {
      rmSync(live);
      expect(one.trustFolder().filter((file) => file !== 'client-ca.pem')).toEqual([]);
    }
  };

  it('the path of a bundle that the API takes: it is staged under the name that it has', async () => {
    await fc.assert(
      fc.asyncProperty(plainName, async (name) => {
        expect(await handle(name)).toBe('ok');
      }),
      RUNS,
    );
  });

  it('any path at all: what a tool of the host cannot name is refused, and nothing is touched', async () => {
    const outcomes = [
      'ok',
      'host.drift',
      'host.digest-mismatch',
      'host.config-test-failed',
      'host.path-missing',
    ];
    await fc.assert(
      fc.asyncProperty(fileName, async (name) => {
        expect(outcomes).toContain(await handle(name));
      }),
      RUNS,
    );
  });

  it('the path of an access log', async () => {
    await fc.assert(
      fc.asyncProperty(fileName, async (name) => {
        const log = one.host.outside(`${TRUST}/${name}`);
        writeFileSync(log, '');
        try {
          const columns = { time: 1, verify: 2, serial: 3, issuer: 4, subject: 5 };
          const seen = await one.gateway.clients(one.target(), { path: `${TRUST}/${name}`, columns });
          expect(seen.clients).toEqual([]);
        } finally {
          rmSync(log);
        }
      }),
      RUNS,
    );
  });

  it('a payload', async () => {
    const content = fc.array(word, { maxLength: 20 }).map((lines) => `${lines.join('\n')}\n\n`);
    await fc.assert(
      fc.asyncProperty(content, async (text) => {
        await one.begin();
        const to = bundle(one.from.content + text);
        await one.stage(one.token(), undefined, to).catch(() => undefined);
        await one.gateway.tryBundle(one.target(), to.content).catch(() => undefined);
      }),
      RUNS,
    );
  });
});
