import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { VaultCaSource } from '#ca-source';
import type { ClientLoad } from '../../../tools/demo/client-load.js';
import { TestInstallation } from '../../fleet/installation.js';
import { decided, intended, Moments, succeeded } from './moments.js';
import { answersTo, clientFrom, issuingCaOf, liveDigests, servedBy } from './outside-view.js';
import { askedAgain, CLIENTS, expectNobodyRefused, steadyClients } from './steady-clients.js';

const RENEWAL_MS = 1_000;
/** Ten renewals: nobody holds a certificate of the old CA when the soak is over. */
const SOAK_SECONDS = 10;

const moments = new Moments();
let windlass: TestInstallation;
let load: ClientLoad;

beforeAll(async () => {
  windlass = await TestInstallation.open({ hosts: 2, soakSeconds: SOAK_SECONDS, alter: moments.watch });
});

afterAll(() => windlass?.stop());
afterEach(async () => {
  moments.forget();
  await load?.stop();
});

const hosts = () => windlass.fleet.hosts;

async function startLoad(issue = leafOf): Promise<ClientLoad> {
  load = await steadyClients(hosts(), issue, RENEWAL_MS);
  return load;
}

function leafOf(commonName: string) {
  const request = { issuerId: null, commonName, ttlSeconds: 3600 };
  return new VaultCaSource().issueLeaf(issuingCaOf(windlass.vault), request);
}

/** One step of every phase, and of the way through a switch. */
const STEPS = [
  /^expand\.1\/host\.inspect\//,
  /^expand\.1\/host\.stage\//,
  /^expand\.1\/host\.commit\//,
  /^expand\.1\/host\.confirm\//,
  /^activate\.1\/ca\.switch-default$/,
  /^contract\.1\/host\.stage\//,
  /^contract\.1\/host\.commit\//,
  /^contract\.1\/host\.confirm\//,
];

/** Lets no step go on before two requests a client were answered since it was begun. */
async function everyStepUnderLoad(): Promise<void> {
  await Promise.all(STEPS.map((step) => moments.once(intended(step), () => askedAgain(load))));
}

it('F35: steady load through a whole rotation, kept and new connections, TLS 1.2 and 1.3: nobody is refused', async () => {
  const old = await clientFrom(windlass.vault);
  const { count } = await startLoad();
  const loaded = everyStepUnderLoad();
  await windlass.until(await windlass.rotate(), 'succeeded');
  await loaded;
  await load.stop();
  expectNobodyRefused(count, 2 * hosts().length);
  // It was a real rotation: who did not renew is shut out.
  expect(await answersTo(old, hosts())).toEqual(['400', '400']);
});

it('F35: steady load while the fleet reverts: nobody is refused', async () => {
  const before = [liveDigests(hosts()), await servedBy(hosts())];
  const { count } = await startLoad();
  let undo = async () => {};
  // The canary is switched and proven; the last host cannot follow.
  const struck = moments.once(succeeded(/^expand\.1\/host\.prove\//), async () => {
    undo = (await hosts()[1]?.occupyPort()) ?? undo;
  });
  const atRevert = { total: 0 };
  const deciding = moments.once(decided('revert', 'expand'), () => {
    atRevert.total = count.total;
  });
  await windlass.until(await windlass.rotate(), 'reverted');
  await Promise.all([struck, deciding]);
  await load.stop();
  await undo();
  expectNobodyRefused(count, 2 * hosts().length);
  expect(count.total).toBeGreaterThan(atRevert.total);
  expect([liveDigests(hosts()), await servedBy(hosts())]).toEqual(before);
});

it('F35: the load counts a refusal where there is one', async () => {
  const { issuingCa } = await windlass.parts.fleets.fleet(windlass.fleetId);
  const { issuers, defaultIssuerId } = await windlass.parts.ca.survey(issuingCa);
  const retired = issuers.find(({ id }) => id !== defaultIssuerId)?.id ?? '';
  await windlass.parts.ca.setIssuing(issuingCa, retired, true);
  const { count } = await startLoad((commonName) =>
    windlass.parts.ca.issueLeaf(issuingCa, { issuerId: retired, commonName, ttlSeconds: 3600 }),
  );
  await expect.poll(() => count.refused, { timeout: 20_000 }).toBeGreaterThan(CLIENTS);
  expect(count.firstRefusal).toContain('status 400');
});
