import { describe, expect, it } from 'vitest';
import { describeRotation } from '#rotation';
import { failing } from '../../../../../libs/rotation/src/lives.fixture.js';
import { Rehearsal } from '../../../../../libs/rotation/src/rehearsal.js';
import { cellsByWave, countBySteps, EVERY_HOST } from './host-cells.js';

function hostsOf(life: Rehearsal) {
  life.run();
  return describeRotation(life.state).hosts;
}

const sound = hostsOf(new Rehearsal());
const broken = hostsOf(new Rehearsal(failing('contract.1/host.stage/b')));
const names = (waves: ReturnType<typeof cellsByWave>) =>
  waves.map(({ wave, cells }) => [wave, cells.map(({ hostId }) => hostId).join()]);

describe('the grid of hosts', () => {
  it('has a cell for every host, by wave, and says in words what the glyph says', () => {
    expect(names(cellsByWave(sound, EVERY_HOST))).toEqual([
      [0, 'a'],
      [1, 'b,c'],
    ]);
    expect(cellsByWave(sound, EVERY_HOST)[0]?.cells[0]).toEqual({
      ...{ hostId: 'a', glyph: '●', tone: 'good', name: 'host-a', at: 'confirmed, serves new' },
      label: 'host-a: confirmed, serves new',
    });
  });

  it('marks a host with something wrong whatever its step is, and finds it', () => {
    const [wave] = cellsByWave(broken, { ...EVERY_HOST, state: 'wrong' });
    expect(wave?.cells).toEqual([
      expect.objectContaining({
        hostId: 'b',
        ...{ glyph: '✖', name: 'host-b', at: expect.stringContaining('serves') },
        tone: 'bad',
        label: expect.stringContaining('failed'),
      }),
    ]);
    expect(countBySteps(broken).get('wrong')).toBe(1);
  });

  it('worries nobody with a host that was given up', () => {
    const life = new Rehearsal((effect) => (effect.id.endsWith('host.confirm/b') ? 'transient' : 'ok'));
    life.run((state) => (state.effects.get('expand.1/host.confirm/b')?.attempts ?? 0) > 1);
    life.append({ type: 'host.decommissioned', hostId: 'b', by: 'ana', because: 'it burnt down' });
    const { hosts } = describeRotation(life.state);
    expect(hosts.find(({ hostId }) => hostId === 'b')?.reason).not.toBeNull();
    expect(countBySteps(hosts).get('wrong')).toBe(0);
    const cells = cellsByWave(hosts, EVERY_HOST).flatMap((wave) => wave.cells);
    expect(cells.find(({ hostId }) => hostId === 'b')).toMatchObject({ glyph: '–', tone: 'quiet' });
  });

  it('is filtered by step and by text, and leaves waves out that have no host then', () => {
    expect(names(cellsByWave(sound, { state: 'all', text: ' HOST-A ' }))).toEqual([[0, 'a']]);
    expect(cellsByWave(sound, { state: 'waiting', text: '' })).toEqual([]);
    expect(countBySteps(sound)).toEqual(
      new Map([
        ['wrong', 0],
        ['confirmed', 3],
      ]),
    );
  });
});
