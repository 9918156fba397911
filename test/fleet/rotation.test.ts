import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startRedis, type TestRedis, type TestVault } from '#kit';
import { hostViews } from '#rotation';
import { PKI, TestInstallation } from './installation.js';

const queues = [
  ['PostgreSQL', async () => null],
  ['Redis', startRedis],
] as const;

describe.each(queues)('a fleet of real hosts, the queue on %s', (_name, startQueue) => {
  let windlass: TestInstallation;
  let redis: TestRedis | null = null;

  const bundles = () => windlass.bundles();
  const start = () => windlass.rotate();

  beforeAll(async () => {
    redis = await startQueue();
    windlass = await TestInstallation.open({ hosts: 3, ...(redis ? { redisUrl: redis.url } : {}) });
  });

  afterAll(async () => {
    await windlass?.stop();
    await redis?.stop();
  });

  it('rotates every host to the new CA, and Vault with it', async () => {
    const before = await windlass.parts.ca.survey(
      (await windlass.parts.fleets.fleet(windlass.fleetId)).issuingCa,
    );
    const state = await windlass.until(await start(), 'succeeded');
    expect(hostViews(state).map(({ serving }) => serving)).toEqual(['new', 'new', 'new']);
    expect(new Set(bundles()).size).toBe(1);
    const fleet = await windlass.parts.fleets.fleet(windlass.fleetId);
    expect(bundles()[0]).toBe(fleet.generation.content);
    const after = await windlass.parts.ca.survey(fleet.issuingCa);
    expect(after.defaultIssuerId).not.toBe(before.defaultIssuerId);
    const old = after.issuers.find(({ id }) => id === before.defaultIssuerId);
    expect(old?.usage).not.toContain('issuing-certificates');
  });

  it('F14: one host keeps its old configuration: every host goes back, byte for byte, and Vault too', async () => {
    const bundlesBefore = bundles();
    const { issuingCa } = await windlass.parts.fleets.fleet(windlass.fleetId);
    const caBefore = await windlass.parts.ca.survey(issuingCa);
    const undo = await windlass.fleet.hosts[2]?.occupyPort();
    const state = await windlass.until(await start(), 'reverted');
    expect(state.ended?.because).toContain('host-3');
    expect(bundles()).toEqual(bundlesBefore);
    expect(hostViews(state).map(({ serving }) => serving)).toEqual(['old', 'old', 'old']);
    expect(await windlass.parts.ca.survey(issuingCa)).toEqual(caBefore);
    await undo?.();
  });

  it('F24, F49: an edited bundle and a pending edit are refused before any host is touched', async () => {
    const [, second] = windlass.fleet.hosts;
    const [, bundle = ''] = bundles();
    second?.writeFile(`.${second.managedPath}`, `# edited by hand\n${bundle}`);
    const drifted = await windlass.until(await start(), 'refused');
    expect(drifted.ended?.because).toContain('host-2');
    second?.writeFile(`.${second.managedPath}`, bundle);
    expect(drifted.effects.has('ca.prepare')).toBe(false);
  });

  it('F21: a sealed Vault refuses the rotation, names it, and leaves hosts and Vault alone', async () => {
    const before = bundles();
    await windlass.vault.seal();
    const state = await windlass.until(await start(), 'refused');
    expect(state.ended?.because).toMatch(/sealed/i);
    await windlass.vault.unseal();
    expect(bundles()).toEqual(before);
  });

  it('refuses a role that would let the probe certificate expire before it is needed', async () => {
    const before = bundles();
    await setRoleLifetime(windlass.vault, '60s');
    const state = await windlass.until(await start(), 'refused');
    await setRoleLifetime(windlass.vault, '720h');
    expect(state.ended?.because).toMatch(/Role "clients" .* issues only until/);
    expect(bundles()).toEqual(before);
  });
});

async function setRoleLifetime({ address, token }: TestVault, maxTtl: string): Promise<void> {
  const reply = await fetch(`${address}/v1/${PKI.mount}/roles/${PKI.role}`, {
    method: 'PATCH',
    headers: { 'X-Vault-Token': token.reveal(), 'Content-Type': 'application/merge-patch+json' },
    body: JSON.stringify({ max_ttl: maxTtl }),
  });
  if (!reply.ok) throw new Error(await reply.text());
}
