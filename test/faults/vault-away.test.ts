import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { explain, hostViews, statusOf } from '#rotation';
import { TestInstallation } from '../fleet/installation.js';

let windlass: TestInstallation;

beforeAll(async () => {
  windlass = await TestInstallation.open({ hosts: 2 });
});

afterAll(() => windlass?.stop());

const survey = async () =>
  windlass.parts.ca.survey((await windlass.parts.fleets.fleet(windlass.fleetId)).issuingCa);

describe('F21: Vault is sealed', () => {
  it('before the start: refused with its cause, and no host is touched', async () => {
    const before = windlass.bundles();
    await windlass.vault.seal();
    const state = await windlass.until(await windlass.rotate(), 'refused');
    await windlass.vault.unseal();
    expect(explain(state)).toMatch(/sealed/i);
    expect(windlass.bundles()).toEqual(before);
    expect(hostViews(state).map(({ serving }) => serving)).toEqual(['old', 'old']);
  });

  it('in mid-run: the fleet stays on the pinned overlap, Vault falls back, and a resume ends it', async () => {
    const before = await survey();
    const id = await windlass.rotate();
    await windlass.reached(id, (state) => state.decisions.has('go/expand.1/0'));
    await windlass.vault.seal();
    const blocked = await windlass.until(id, 'blocked', 'paused');
    expect(blocked.phase).toBe('activate');
    expect(explain(blocked)).toMatch(/sealed/i);
    expect(hostViews(blocked).map(({ serving }) => serving)).toEqual(['overlap', 'overlap']);
    const overlap = windlass.bundles();
    await windlass.vault.unseal();
    await windlass.until(id, 'paused');
    expect((await survey()).defaultIssuerId).toBe(before.defaultIssuerId);
    expect(windlass.bundles()).toEqual(overlap);
    await windlass.commands.resume({ rotationId: id, by: 'a test' });
    const state = await windlass.until(id, 'succeeded');
    expect(state.attempt.activate).toBe(2);
    expect(hostViews(state).map(({ serving }) => serving)).toEqual(['new', 'new']);
    expect((await survey()).defaultIssuerId).not.toBe(before.defaultIssuerId);
    expect(statusOf(state)).toBe('succeeded');
  });
});
