import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeCa } from '#kit';
import { aBundle } from './bodies.js';
import { environmentOf, windlass } from './command-line.js';
import { recordFleet } from './recording.js';
import { type RunningApi, runApi } from './running-api.js';
import { inTerminal } from './tmux-pane.js';

let api: RunningApi;
beforeAll(async () => {
  api = await runApi();
});
afterAll(() => api?.stop());

async function aFleet(over: Record<string, unknown> = {}): Promise<{ id: string; name: string }> {
  return (await api.call('GET', `/v1/fleets/${await recordFleet(api, 2, over)}`)).body;
}

const rotationsOf = async (fleetId: string) =>
  (await api.call('GET', `/v1/rotations?fleetId=${fleetId}`)).body.items;

describe('the plan of a rotation, from the command line', () => {
  it('says what would change, where and in which order, and starts nothing', async () => {
    const { id, name } = await aFleet();
    const plan = ['rotate', name, '--strategy', 'sync', '--plan'];
    const { code, out, wrong } = await windlass(plan, environmentOf(api));
    expect([code, wrong]).toEqual([0, '']);
    expect(out).toMatch(
      /^sync of \S+\n[\s\S]* trusts now, with generation 1:\n {4}CN=Recorded client CA \([0-9a-f]+\), until \d{4}-[\s\S]*\n {2}wave 0 \(canary\): \S+\n {2}wave 1: \S+\n[\s\S]*\n {2}preflight +\S/,
    );
    const { out: json } = await windlass([...plan, '-o', 'json'], environmentOf(api));
    expect(JSON.parse(json)).toMatchObject({ strategy: 'sync', fleets: [{ fleetName: name }] });
    expect(await rotationsOf(id)).toEqual([]);
  });

  it('is shown in a terminal before somebody says yes', async () => {
    const { id, name } = await aFleet();
    await inTerminal(api, ['rotate', name, '--strategy', 'sync'], async (pane) => {
      await pane.shows(/wave 1: \S+[\s\S]*Start it for \S+\? \[y\/N\]/);
      expect(await rotationsOf(id)).toEqual([]);
      pane.type('y');
      expect(await pane.ended()).toBe(0);
      await pane.shows(/sync of \S+ {2}pending, preflight/);
    });
    expect(await rotationsOf(id)).toHaveLength(1);
  });

  it('is shown before a distrust, which needs the name of the fleet typed', async () => {
    const second = await makeCa({ commonName: 'Second client CA' });
    const { id, name } = await aFleet({ bundlePem: `${await aBundle()}${second.certificatePem}` });
    const { wrong } = await windlass(['distrust', name], environmentOf(api));
    const [, anchor = ''] = /\n {2}CN=Second client CA \(([0-9a-f]+)\), until /.exec(wrong) ?? [];
    const words = ['distrust', name, '--anchors', anchor, '--reason', 'leaked'];
    for (const [typed, code, count] of [
      ['y', 1, 0],
      [name, 0, 1],
    ] as const) {
      await inTerminal(api, words, async (pane) => {
        await pane.shows(/removed CN=Second client CA[\s\S]* Type \S+ to go on:/);
        pane.type(typed);
        expect(await pane.ended()).toBe(code);
      });
      expect(await rotationsOf(id)).toHaveLength(count);
    }
  });
});
