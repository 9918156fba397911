import { describe, expect, it } from 'vitest';
import { Room } from './room.js';

const of = (kind: 'host.stage' | 'host.prove' | 'host.commit', many: number) =>
  Array.from({ length: many }, (_, place) => ({ kind, place }));

describe('the room of a worker', () => {
  it('is taken by the first that come, and again once it is given back', () => {
    const room = new Room(3);
    const wanted = of('host.stage', 5);
    const taken = room.take(wanted);
    expect(taken).toEqual(wanted.slice(0, 3));
    expect(room.take(of('host.prove', 1))).toEqual([]);
    for (const effect of taken.slice(1)) room.give(effect);
    expect(room.take(of('host.prove', 5))).toHaveLength(2);
  });

  it('for switches is that of a whole wave, whatever else goes on', () => {
    const room = new Room(3);
    room.take(of('host.prove', 3));
    const mixed = [...of('host.prove', 2), ...of('host.commit', 501)];
    const taken = room.take(mixed);
    expect(taken).toEqual(mixed.slice(2, 502));
    for (const effect of taken) room.give(effect);
    expect(room.take(of('host.prove', 1))).toEqual([]);
    expect(room.take(of('host.commit', 501))).toHaveLength(500);
  });
});
