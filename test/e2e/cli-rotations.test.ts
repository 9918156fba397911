import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { windlass as call, environmentOf, run, type Said, said, WINDLASS } from './command-line.js';
import { PlayedWorker } from './played-worker.js';
import { recordFleet } from './recording.js';
import { type RunningApi, runApi } from './running-api.js';

let api: RunningApi;
beforeAll(async () => {
  api = await runApi();
});
afterAll(() => api?.stop());

function windlass(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Said> {
  return call(args, { ...environmentOf(api), ...env });
}

const nameOf = async (fleetId: string): Promise<string> =>
  (await api.call('GET', `/v1/fleets/${fleetId}`)).body.name;

async function started(strategy = 'overlap'): Promise<{ id: string; worker: PlayedWorker }> {
  const fleetId = await recordFleet(api, 2);
  const args = ['rotate', await nameOf(fleetId), '--strategy', strategy, '--reason', 'a test', '-o', 'json'];
  const { out, wrong } = await windlass(args);
  expect(wrong).toBe('');
  const { id, reason } = JSON.parse(out);
  expect(reason).toBe('a test');
  return { id, worker: new PlayedWorker(api.installation, id) };
}

describe('windlass, to an API', () => {
  it('lists fleets and rotations, in every format', async () => {
    const { id } = await started();
    const fleets = await windlass(['fleets']);
    expect(fleets.out).toMatch(/^NAME +HOSTS +GENERATION +LAST ROTATED +ID\n\S+ +2 +1 +never +[0-9a-f-]{36}/);
    const { out } = await windlass(['rotations', '-o', 'yaml']);
    expect(parse(out).map((one: { id: string }) => one.id)).toContain(id);
    expect((await windlass(['rotations'])).out).toMatch(
      new RegExp(`\\n${id} +pending +preflight +\\d+ s ago`),
    );
  });

  it('lists the hosts of a fleet, and says which could not be asked whether they are as recorded', async () => {
    const name = await nameOf(await recordFleet(api, 2));
    const { out } = await windlass(['hosts', name]);
    expect(out).toMatch(
      /^NAME +ADDRESS +LOGIN +JUMP +STATE +ID\n\S+ +\S+:\d+ +\S+, key +- +enrolled +[0-9a-f-]{36}\n/,
    );
    const drift = await windlass(['drift', name]);
    expect([drift.code, drift.out]).toEqual([
      1,
      expect.stringMatching(
        /^recorded: generation 1, [0-9a-f]{64}\nHOST +STATE +WHY\n\S+ +unknown +\S.* Next: /,
      ),
    ]);
    expect((await windlass(['hosts'])).wrong).toBe(
      'windlass host list: FLEET is missing: windlass host list FLEET\n',
    );
  });

  it('shows a rotation as a tree, without a colour, and says what it does', async () => {
    const { id, worker } = await started();
    await worker.play(({ phase }) => phase === 'expand');
    const { code, out } = await windlass(['get', id]);
    expect(code).toBe(0);
    expect(out).toMatch(
      /^◐ overlap of \S+ {2}running, expand for \d+ s\n {2}[0-9a-f-]{36}\n {2}wave 0 \(canary\)\n/,
    );
    expect(out).toMatch(/ {2}wave 1\n {2}└─ . \S+ {2}staged, serves old, for \d+ s/);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: escapes are what must not be there.
    expect(out).not.toMatch(/\u001b/);
    expect((await windlass(['explain', id])).out).toMatch(
      /^expand: switching the hosts to the overlap bundle/,
    );
  });

  it('tells a rotation what to do, and says what is missing or refused, with the next step', async () => {
    const { id } = await started();
    const bare = await windlass(['pause', id]);
    expect([bare.code, bare.wrong]).toEqual([1, 'windlass pause: pause needs --reason: it is on record\n']);
    const paused = await windlass(['pause', id, '--reason', 'tea']);
    expect([paused.code, paused.out.split('\n')[0]]).toEqual([
      0,
      expect.stringContaining('paused, preflight'),
    ]);
    expect((await windlass(['resume', id])).out).toContain('pending, preflight');
    const again = await windlass(['resume', id]);
    expect([again.code, again.wrong]).toEqual([
      1,
      expect.stringMatching(/^windlass resume: rotation\.not-paused: /),
    ]);
    const approve = await windlass(['approve', id]);
    expect([approve.code, approve.wrong]).toEqual([1, expect.stringContaining('approve needs --digest')]);
  });

  it('watches in a pipe, a line for each change, until the end, and says by its exit code how that was', async () => {
    const { id, worker } = await started('sync');
    const program = run([process.execPath, WINDLASS, 'get', id, '--watch'], environmentOf(api));
    const watching = said(program);
    await once(program.stdout, 'data');
    await worker.play(() => false);
    const { code, out } = await watching;
    expect(code).toBe(0);
    const lines = out.trim().split('\n');
    expect(lines[0]).toMatch(/^\S+Z pending preflight: Waiting for a worker/);
    expect(lines.at(-1)).toMatch(/^\S+Z succeeded done: Succeeded at /);
  });

  it('ends a watch in a pipe with 3 where a person is waited for', async () => {
    const { id } = await started();
    await windlass(['pause', id, '--reason', 'tea']);
    const { code, out } = await windlass(['get', id, '--watch']);
    expect([code, out]).toEqual([3, expect.stringMatching(/^\S+Z paused preflight: Paused by .*tea/)]);
  });

  it('ends with 2 for what was reverted, and with 1 for what did not begin', async () => {
    const reverted = await started();
    await reverted.worker.play(({ decisions }) => decisions.has('go/expand.1/0'));
    expect((await windlass(['abort', reverted.id, '--reason', 'another day'])).code).toBe(0);
    await reverted.worker.play(() => false);
    const shown = await windlass(['get', reverted.id]);
    expect([shown.code, shown.out]).toEqual([
      2,
      expect.stringMatching(/^↶ overlap of \S+ {2}reverted, done/),
    ]);
    const cancelled = await started();
    await windlass(['abort', cancelled.id, '--reason', 'another day']);
    await cancelled.worker.play(() => false);
    expect((await windlass(['get', cancelled.id])).code).toBe(1);
  });

  it('prints what became of a rotation as Markdown', async () => {
    const { id, worker } = await started();
    await worker.play(({ decisions }) => decisions.has('go/expand.1/0'));
    await windlass(['abort', id, '--reason', 'another day']);
    await worker.play(() => false);
    const { code, out } = await windlass(['postmortem', id]);
    expect(code).toBe(0);
    expect(out).toMatch(/^# Rotation of \S+ \(overlap\): reverted\n\n## Summary\n/);
    expect(out).toContain('asked for the way back: another day');
    const served = await api.call('GET', `/v1/rotations/${id}/postmortem`);
    expect(served.headers['content-type']).toBe('text/markdown; charset=utf-8');
    expect(`${served.text}`).toBe(out);
    const none = await windlass(['postmortem', crypto.randomUUID()]);
    expect([none.code, none.wrong]).toEqual([1, expect.stringContaining('rotation.not-found')]);
  });

  it.each([
    ['a key', { WINDLASS_API_KEY: '' }, /no API key: set WINDLASS_API_KEY/],
    ['a good key', { WINDLASS_API_KEY: 'wrong' }, /request\.unauthorised: /],
    [
      'an address',
      { WINDLASS_SERVER: 'edge' },
      /must be an address such as https:\/\/windlass.example, not "edge"/,
    ],
    [
      'a server',
      { WINDLASS_SERVER: 'http://127.0.0.1:2' },
      /the API gives no answer: .*ECONNREFUSED.*Check --server/,
    ],
  ])('says what lacks without %s', async (_, env, says) => {
    const { code, wrong } = await windlass(['fleets'], env);
    expect(code).toBe(1);
    expect(wrong).toMatch(says);
  });

  it('names the fleets there are where one is asked for that is not there', async () => {
    const { code, wrong } = await windlass(['rotate', 'nobody']);
    expect([code, wrong]).toEqual([1, expect.stringMatching(/there is no fleet "nobody"; there are \S+/)]);
  });

  it('refuses words that make no sense', async () => {
    for (const args of [['get'], ['fleets', '-o', 'xml'], ['get', 'a', 'b'], ['get', '--nonsense', 'a']]) {
      const { code, wrong } = await windlass(args);
      expect([code, wrong], args.join(' ')).toEqual([
        1,
        expect.stringMatching(/^windlass (get|fleet list): \S/),
      ]);
    }
    expect((await windlass(['get', '--help'])).out).toContain('windlass get edge --watch');
  });
});
