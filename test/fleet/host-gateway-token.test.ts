import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { codeOf, OneHost } from './one-host.js';

let one: OneHost;

beforeAll(async () => {
  one = await OneHost.boot();
});

beforeEach(() => one.begin());

afterAll(() => one?.stop());

describe('the token orders what a host hears', () => {
  it('remembers the newest, whole', async () => {
    const token = one.token({ term: 3, serial: 17 });
    await one.stage(token);
    expect((await one.transaction())?.token).toEqual(token);
    await one.discard(one.token({ term: 4 }));
    expect(await one.transaction()).toMatchObject({
      token: { term: 4 },
      step: 'discarded',
      armedForMs: null,
    });
  });

  it.each([
    ['the same serial', { term: 5, serial: 50 }],
    ['a lower serial', { term: 5, serial: 49 }],
    ['a lower term with a higher serial', { term: 4, serial: 51 }],
    ['a lower epoch with a higher term', { epoch: 1, term: 6, serial: 51, rotation: 'earlier' }],
  ])('refuses %s, in every step', async (_name, change) => {
    await one.stage(one.token({ term: 5, serial: 50 }));
    const late = one.token(change);
    expect(await codeOf(one.stage(late))).toBe('host.stale-token');
    expect(await codeOf(one.commit(late))).toBe('host.stale-token');
    expect(await codeOf(one.renew(late))).toBe('host.stale-token');
    expect(await codeOf(one.confirm(late))).toBe('host.stale-token');
    expect(await codeOf(one.revert(late))).toBe('host.stale-token');
    expect(await codeOf(one.discard(late))).toBe('host.stale-token');
    expect(await one.transaction()).toMatchObject({ token: { term: 5, serial: 50 }, step: 'staged' });
    await one.discard(one.token({ term: 6 }));
  });

  it.each([
    ['in the middle of a record', 'begin\ninstallation test\nrotation other\nepoch 99\nste'],
    ['in the middle of what it changed', 'also\nepoch 99\nste'],
    ['in its first line', 'als'],
  ])('is that of the last whole record: what was cut off %s never was', async (_where, torn) => {
    const token = one.token({ serial: 20 });
    await one.stage(token);
    one.host.exec(`printf '\n${torn.replaceAll('\n', '\\n')}' >> /var/lib/windlass/fleet-1/state`);
    expect(await one.transaction()).toMatchObject({ token, step: 'staged' });
    expect(await codeOf(one.renew(one.token({ serial: 19 })))).toBe('host.stale-token');
    await one.commit(one.token({ serial: 21 }));
    expect(await one.transaction()).toMatchObject({ token: { serial: 21 }, step: 'committed' });
    await one.revert(one.token({ serial: 22 }));
    await one.expectBack();
  });

  it('is kept when a host hears a lot in one transaction', async () => {
    await one.stage();
    await one.commit();
    for (let times = 0; times < 20; times += 1) await one.renew();
    const newest = one.token();
    await one.renew(newest);
    expect(await one.transaction()).toMatchObject({ token: newest, step: 'committed' });
    const records = one.host.exec('grep -c ^end /var/lib/windlass/fleet-1/state');
    expect(Number(records)).toBeLessThanOrEqual(16);
    expect(one.watchers()).toHaveLength(1);
    await one.revert();
    await one.expectBack();
  });

  it('counts a step that failed as heard', async () => {
    const failed = one.token({ serial: 9 });
    expect(await codeOf(one.commit(failed))).toBe('host.drift');
    expect(await codeOf(one.stage(one.token({ serial: 9 })))).toBe('host.stale-token');
    expect((await one.transaction())?.token).toEqual(failed);
  });

  it.each([
    ['discarded', (late: OneHost) => late.discard()],
    ['reverted', (late: OneHost) => late.revert()],
  ])(
    'F37: a commit that was sent before the host was %s and comes after it does nothing',
    async (step, end) => {
      await one.stage();
      const delayed = one.token();
      await end(one);
      expect(await codeOf(one.commit(delayed))).toBe('host.stale-token');
      expect(await codeOf(one.commit())).toBe('host.drift');
      expect(await one.transaction()).toMatchObject({ step });
      await one.expectBack();
    },
  );

  it('compares numbers of 53 bits', async () => {
    const serial = Number.MAX_SAFE_INTEGER;
    await one.stage(one.token({ term: 2 ** 32, serial: serial - 1 }));
    expect(await codeOf(one.stage(one.token({ term: 2 ** 32 - 1, serial })))).toBe('host.stale-token');
    expect(await codeOf(one.stage(one.token({ term: 2 ** 32, serial: 2 ** 31 })))).toBe('host.stale-token');
    await one.stage(one.token({ term: 2 ** 32, serial }));
    expect((await one.transaction())?.token).toMatchObject({ term: 2 ** 32, serial });
    await one.discard(one.token({ term: serial }));
  });

  it('F50: refuses a second rotation with the same epoch: a copied database', async () => {
    await one.stage();
    const copy = one.token({ rotation: 'of-the-copy', term: 9 });
    expect(await codeOf(one.stage(copy))).toBe('host.foreign-rotation');
    expect(await codeOf(one.revert(copy))).toBe('host.foreign-rotation');
    await one.discard();
    expect(await codeOf(one.stage(copy))).toBe('host.foreign-rotation');
    expect(await one.transaction()).toMatchObject({ step: 'discarded' });
  });

  it('F50: refuses another installation in mid-rotation, and hears it afterwards', async () => {
    const clone = { installation: 'clone', rotation: 'theirs', epoch: 999 };
    await one.stage();
    expect(await codeOf(one.stage(one.token(clone)))).toBe('host.stale-token');
    await one.commit();
    expect(await codeOf(one.revert(one.token(clone)))).toBe('host.stale-token');
    await one.revert();
    await one.stage(one.token({ ...clone, epoch: 1 }));
    await one.discard(one.token({ ...clone, epoch: 1 }));
  });

  it('lets no other rotation commit or confirm what it did not stage', async () => {
    await one.stage();
    const other = { rotation: 'next', epoch: 1_000 };
    expect(await codeOf(one.commit(one.token(other)))).toBe('host.drift');
    await one.stage(one.token(other));
    await one.commit(one.token(other));
    const third = { rotation: 'third', epoch: 1_001 };
    expect(await codeOf(one.confirm(one.token(third)))).toBe('host.not-armed');
    expect(await codeOf(one.renew(one.token(third)))).toBe('host.not-armed');
    expect((await one.transaction())?.armedForMs).toBeGreaterThan(0);
    await one.revert(one.token(third));
    await one.expectBack();
  });
});
