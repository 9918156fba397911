import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { HostToken } from '#engine';
import { codeOf, LONG_MS } from '../fleet/one-host.js';
import { HOST_KINDS, type HostUnderTest } from './host-gateway.backends.js';

const PATIENCE = { timeout: 30_000, interval: 50 };

describe.each(HOST_KINDS)('HostGateway: a $name host', ({ start }) => {
  let one: HostUnderTest;
  let epoch = 0;
  let serial = 0;

  beforeAll(async () => {
    one = await start();
  });

  beforeEach(() => {
    epoch += 1;
    serial = 0;
  });

  afterEach(async () => {
    await revert(token({ term: 99 }));
    expect(one.live()).toBe(one.from.content);
    expect(await one.servesTo()).toBe(false);
  });

  afterAll(() => one?.stop());

  function token(change: Partial<HostToken> = {}): HostToken {
    serial += 1;
    return { installation: 'suite', rotation: `rotation-${epoch}`, epoch, term: 1, serial, ...change };
  }
  const stage = (as = token(), voteMs = LONG_MS) =>
    one.gateway.stage(one.target, as, one.from.digest, one.to, voteMs);
  const commit = (as = token(), deadlineMs: number | null = LONG_MS) =>
    one.gateway.commit(one.target, as, one.from.digest, one.to.digest, deadlineMs);
  const renew = (as = token(), deadlineMs = LONG_MS) =>
    one.gateway.renew(one.target, as, one.to.digest, deadlineMs);
  const confirm = (as = token()) => one.gateway.confirm(one.target, as, one.to.digest);
  const revert = (as = token()) => one.gateway.revert(one.target, as, one.from.digest, one.to.digest);
  const discard = (as = token()) => one.gateway.discard(one.target, as);
  const transaction = async () => (await one.gateway.observe(one.target)).transaction;
  const untilStep = (step: string) =>
    expect.poll(async () => (await transaction())?.step, PATIENCE).toBe(step);
  const expectServing = async (side: 'from' | 'to') => {
    expect(one.live()).toBe(one[side].content);
    expect(await one.servesTo()).toBe(side === 'to');
  };

  it('stages beside the live file, switches, confirms, and goes back byte for byte', async () => {
    await stage();
    await expectServing('from');
    expect(await transaction()).toMatchObject({ step: 'staged', armedForMs: null });
    expect(await commit()).toMatchObject({ digest: one.to.digest, reloaded: true });
    await expectServing('to');
    expect(await transaction()).toMatchObject({ step: 'committed', armedForMs: expect.any(Number) });
    expect(await confirm()).toMatchObject({ digest: one.to.digest, armedForMs: null });
    expect(await transaction()).toMatchObject({ step: 'confirmed', armedForMs: null });
    expect(await revert()).toMatchObject({ digest: one.from.digest, reloaded: true });
    expect(await transaction()).toMatchObject({ step: 'reverted', armedForMs: null });
  });

  it('tries a bundle and changes nothing', async () => {
    const before = await one.gateway.observe(one.target);
    await one.gateway.tryBundle(one.target, one.to.content);
    const mend = one.breakConfiguration();
    expect(await codeOf(one.gateway.tryBundle(one.target, one.to.content))).toBe('host.config-test-failed');
    mend();
    await expectServing('from');
    expect(await transaction()).toEqual(before.transaction);
  });

  it('says that it keeps no such log', async () => {
    const columns = { time: 1, verify: 2, serial: 3, issuer: 4, subject: 5 };
    const read = one.gateway.clients(one.target, { path: '/var/log/none.log', columns });
    expect(await codeOf(read)).toBe('host.log-missing');
  });

  it('judges clients by its own OpenSSL, or says that it has none', async () => {
    const openssl = await one.gateway.openssl(one.target);
    const { content: store } = one.to;
    const question = { ...{ store, sent: '', leaf: store, depth: 1 }, checkCrls: false, securityLevel: 2 };
    if (openssl === null) {
      expect(await codeOf(one.gateway.verify(one.target, question))).toBe('host.no-openssl');
      return;
    }
    expect(openssl).toEqual({ version: expect.stringMatching(/^OpenSSL 3/), securityLevel: 2 });
    expect((await one.gateway.verify(one.target, question)).exitCode).toBe(2);
    expect((await one.gateway.verify(one.target, { ...question, leaf: 'none' })).stderr).toMatch(/read cert/);
  });

  it('F47: switched without a deadline it never goes back by itself, and is confirmed like any other', async () => {
    await stage();
    expect(await commit(token(), null)).toMatchObject({ digest: one.to.digest, reloaded: true });
    expect(await transaction()).toMatchObject({ step: 'committed', armedForMs: null });
    expect(await codeOf(renew())).toBe('host.not-armed');
    expect(await commit(token(), null)).toMatchObject({ reloaded: false });
    expect(await confirm()).toMatchObject({ digest: one.to.digest, armedForMs: null });
    await expectServing('to');
  });

  it('F03: does only what is missing when a step is repeated', async () => {
    await stage();
    await stage();
    await commit();
    expect(await commit()).toMatchObject({ reloaded: false });
    await stage();
    await confirm();
    expect(await confirm()).toMatchObject({ digest: one.to.digest, armedForMs: null });
    await revert();
    expect(await revert()).toMatchObject({ reloaded: false });
  });

  it('says what is, and what it was told last', async () => {
    const as = token({ term: 3, serial: 17 });
    await stage(as);
    const { files, transaction: told } = await one.gateway.observe(one.target);
    expect(files.map(({ digest }) => digest)).toEqual([one.from.digest]);
    expect(told).toMatchObject({ token: as, from: one.from.digest, to: one.to.digest });
  });

  it('F37: refuses whatever is not newer than the newest that it heard, in every step', async () => {
    await stage(token({ term: 5, serial: 50 }));
    for (const late of [
      token({ term: 5, serial: 50 }),
      token({ term: 4, serial: 51 }),
      token({ epoch: 0 }),
    ]) {
      for (const step of [stage, commit, renew, confirm, revert, discard])
        expect(await codeOf(step(late))).toBe('host.stale-token');
    }
    expect(await transaction()).toMatchObject({ token: { term: 5, serial: 50 }, step: 'staged' });
  });

  it('F50: refuses another rotation of the same epoch, and another installation in mid-rotation', async () => {
    await stage();
    expect(await codeOf(commit(token({ rotation: 'of a copy', term: 9 })))).toBe('host.foreign-rotation');
    expect(await codeOf(revert(token({ installation: 'another', epoch: 999 })))).toBe('host.stale-token');
  });

  it('lets a vote run out by itself, and says so as often as it is asked', async () => {
    await stage(token(), 200);
    await untilStep('discarded');
    await expect(commit()).rejects.toMatchObject({ transient: true, problem: { code: 'host.vote-expired' } });
    expect(await codeOf(commit())).toBe('host.vote-expired');
    await stage();
    expect(await codeOf(commit())).toBe('ok');
  });

  it('has nothing to commit once it was told to discard, or was never told to stage', async () => {
    expect(await codeOf(commit())).toBe('host.drift');
    await stage();
    await discard();
    expect(await codeOf(commit())).toBe('host.drift');
    expect(await codeOf(confirm())).toBe('host.not-armed');
  });

  it('F31: goes back by itself when nobody confirms, and says so to whoever comes too late', async () => {
    await stage();
    await commit(token(), 300);
    await untilStep('returned');
    await expectServing('from');
    for (const step of [confirm, renew, commit]) expect(await codeOf(step())).toBe('host.not-armed');
    await stage();
    expect(await commit()).toMatchObject({ reloaded: true });
  });

  it('waits longer when it is told to, and for ever once it is confirmed', async () => {
    await stage();
    await commit(token(), 1_500);
    await renew();
    await expect.poll(async () => (await transaction())?.armedForMs, PATIENCE).toBeGreaterThan(LONG_MS / 2);
    await confirm();
    expect(await codeOf(renew())).toBe('host.not-armed');
    await expectServing('to');
  });

  it('F24: never writes over what somebody edited, and never takes it for its own', async () => {
    await stage();
    one.edit(`# edited\n${one.from.content}`);
    for (const step of [commit, stage, revert]) expect(await codeOf(step())).toBe('host.drift');
    expect(one.live()).toContain('# edited');
    one.edit(one.from.content);
    await stage();
    await commit();
    one.edit(`# edited\n${one.to.content}`);
    for (const step of [confirm, revert]) expect(await codeOf(step())).toBe('host.drift');
    expect(one.live()).toContain('# edited');
    one.edit(one.to.content);
  });

  it('F13: votes no where nginx refuses its configuration, and leaves nothing staged', async () => {
    const mend = one.breakConfiguration();
    expect(await codeOf(stage())).toBe('host.config-test-failed');
    mend();
    expect(await codeOf(commit())).toBe('host.drift');
    await expectServing('from');
  });

  it('F14: does not take a reload for done that was not, and goes back without another', async () => {
    const mend = await one.breakReload();
    await stage();
    expect(await codeOf(commit())).toBe('host.reload-not-live');
    expect(one.live()).toBe(one.to.content);
    expect(await one.servesTo()).toBe(false);
    expect(await revert()).toMatchObject({ digest: one.from.digest, reloaded: false });
    await mend();
  });

  it('F40: fires nothing after a reboot, and is armed again by a repeat of commit', async () => {
    await stage();
    await commit();
    await one.reboot();
    expect(await transaction()).toMatchObject({ step: 'committed', armedForMs: null });
    expect(await codeOf(renew())).toBe('host.not-armed');
    expect(await commit()).toMatchObject({ reloaded: false });
    await expectServing('to');
    await renew(token(), 0);
    await untilStep('returned');
  });
});
