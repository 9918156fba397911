import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { IssuedLeaf } from '#engine';
import { explain, statusOf } from '#rotation';
import type { ClientLoad } from '../../../tools/demo/client-load.js';
import { TestInstallation } from '../../fleet/installation.js';
import { Moments, succeeded } from './moments.js';
import { answersTo, clientFrom, liveDigests, servedBy, surveyOf, workersOf } from './outside-view.js';
import { askedAgain, expectNobodyRefused, steadyClients } from './steady-clients.js';
import { VaultWay } from './vault-way.js';

const moments = new Moments();
let windlass: TestInstallation;
let way: VaultWay;
let loads: ClientLoad[] = [];

beforeAll(async () => {
  windlass = await TestInstallation.open({
    ...{ hosts: 2, alter: moments.watch },
    wayToVault: async (address) => {
      way = await VaultWay.open(address);
      return way.address;
    },
  });
});

afterEach(async () => {
  moments.forget();
  way.mend();
  await Promise.all(loads.map((load) => load.stop()));
  loads = [];
});

afterAll(async () => {
  await windlass?.stop();
  await way?.stop();
});

const hosts = () => windlass.fleet.hosts;

async function clients(leaf: IssuedLeaf): Promise<void> {
  loads.push(await steadyClients(hosts(), async () => leaf));
}

it('F46: Vault refuses the switch when leaves of the new CA exist: both are served, paused, nobody is refused', async () => {
  const before = await surveyOf(windlass.vault);
  await clients(await clientFrom(windlass.vault));
  let overlap: string[] = [];
  // Whoever gets a certificate of the new CA uses it from that moment on, whatever becomes of the rotation.
  const struck = moments.once(succeeded(/^activate\.1\/ca\.new-leaf$/), async () => {
    way.refuse(/^POST .*\/config\/issuers$/);
    const { issuers } = await surveyOf(windlass.vault);
    const made = issuers.find(({ id }) => !before.issuers.some((one) => one.id === id));
    await clients(await clientFrom(windlass.vault, made?.id ?? ''));
    overlap = [...liveDigests(hosts()), ...(await servedBy(hosts()))];
  });
  const id = await windlass.rotate();
  const paused = await windlass.until(id, 'paused');
  await struck;
  expect(explain(paused)).toMatch(/Paused .*denied/);
  expect([...paused.decisions.values()].map(({ decision }) => decision.kind)).not.toContain('revert');

  // Vault issues from the old CA and from no other, as before.
  const after = await surveyOf(windlass.vault);
  expect(after.defaultIssuerId).toBe(before.defaultIssuerId);
  const issuing = after.issuers.filter(({ usage }) => usage.includes('issuing-certificates'));
  expect(issuing.map(({ id: issuer }) => issuer)).toEqual([before.defaultIssuerId]);

  // The hosts are left where they are, however often somebody wakes the rotation.
  const workers = workersOf(hosts());
  await windlass.commands.sweep();
  for (const load of loads) await askedAgain(load);
  expect([...liveDigests(hosts()), ...(await servedBy(hosts()))]).toEqual(overlap);
  expect(workersOf(hosts())).toEqual(workers);
  expect(statusOf(await windlass.commands.read(id))).toBe('paused');
  await Promise.all(loads.map((load) => load.stop()));
  for (const { count } of loads) expectNobodyRefused(count, hosts().length);

  way.mend();
  await windlass.commands.resume({ rotationId: id, by: 'a test' });
  await windlass.until(id, 'succeeded');
  expect(await answersTo(await clientFrom(windlass.vault), hosts())).toEqual(['200', '200']);
});
