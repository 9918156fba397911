import { describe, expect, it } from 'vitest';
import { LIVES } from './lives.fixture.js';
import { reduce, reduceAll, replay } from './reduce.js';
import { Rehearsal } from './rehearsal.js';

/** Host b is switched at once, host c at its second try. */
const slowC = (proofOfB: 'ok' | 'fails') =>
  new Rehearsal(({ id }, attempt) => {
    if (id === 'expand.1/host.commit/c' && attempt === 1) return 'transient';
    return id === 'expand.1/host.prove/b' ? proofOfB : 'ok';
  });

describe('the hosts of a wave', () => {
  it('one is proven while another is still being switched, and all before the fleet decides', () => {
    const life = slowC('ok');
    expect(life.run().ended?.status).toBe('succeeded');
    const { performed } = life;
    expect(performed.indexOf('expand.1/host.prove/b')).toBeLessThan(
      performed.lastIndexOf('expand.1/host.commit/c'),
    );
    expect(performed.indexOf('expand.1/host.prove/c')).toBeGreaterThan(
      performed.lastIndexOf('expand.1/host.commit/c'),
    );
    expect(performed.indexOf('expand.1/host.confirm/a')).toBeGreaterThan(
      performed.indexOf('expand.1/host.prove/c'),
    );
  });

  it('a proof that fails lets nobody else be switched, and the whole fleet goes back', () => {
    const life = slowC('fails');
    expect(life.run().ended?.status).toBe('reverted');
    expect(life.performed.filter((id) => id === 'expand.1/host.commit/c')).toHaveLength(1);
    expect(life.performed).toContain('expand.1/host.revert/c');
  });
});

describe('a fold of many entries at once', () => {
  it.each([...LIVES.entries()])('life %i: is what each of them makes of it in turn', (_, live) => {
    const life = live();
    life.run();
    let last: ReturnType<typeof replay> = null;
    for (const [index, entry] of life.entries.entries()) {
      const before = structuredClone(last);
      expect(reduceAll(last, life.entries.slice(index))).toEqual(life.state);
      expect(last).toEqual(before);
      last = reduce(last, entry);
    }
    expect(replay(life.entries)).toEqual(last);
  });
});
