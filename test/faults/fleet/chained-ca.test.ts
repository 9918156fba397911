import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { CaSurvey } from '#engine';
import { explain } from '#rotation';
import { mountPki, newRoleIn, newRootIn } from '../../conformance/ca-chains.backends.js';
import { PKI, TestInstallation } from '../../fleet/installation.js';
import { intended, Moments, succeeded } from './moments.js';
import { answersTo, clientFrom, surveyOf } from './outside-view.js';
import { anotherIssuer, pinRole } from './pki-requests.js';
import { VaultWay } from './vault-way.js';

/** Names the old issuer, and moves with it. */
const ROLE = 'robots';

const moments = new Moments();
let windlass: TestInstallation;
let way: VaultWay;
let stranger: string;
let before: CaSurvey;

beforeAll(async () => {
  windlass = await TestInstallation.open({
    ...{ hosts: 1, alter: moments.watch },
    wayToVault: async (address) => {
      way = await VaultWay.open(address);
      return way.address;
    },
  });
  await mountPki(windlass.vault, 'pki-root');
  await newRootIn(windlass.vault, 'pki-root', 'Root of all');
  const signedBy = { mount: 'pki-root', issuer: 'default' };
  const { fleets } = windlass.records;
  const ca = await fleets.loggedInCaOf(windlass.fleetId);
  if (ca.kind !== 'vault') throw new Error('the fleet has a Vault');
  await fleets.changeWays(windlass.fleetId, ca, { signedBy, pinnedRoles: 'move' });
  stranger = await anotherIssuer(windlass.vault);
  const { defaultIssuerId } = await surveyOf(windlass.vault);
  await newRoleIn(windlass.vault, PKI.mount, ROLE, defaultIssuerId);
});

afterAll(async () => {
  await windlass?.stop();
  await way?.stop();
});

beforeEach(async () => {
  before = await surveyOf(windlass.vault);
});

afterEach(() => {
  moments.forget();
  way.mend();
});

const roleOf = ({ roles }: CaSurvey) => roles.find(({ name }) => name === ROLE)?.issuerRef;

/** One new issuer, which is the default and what the role names; the old one is retired, and the host followed. */
async function expectMoved(rotationId: string, old: Awaited<ReturnType<typeof clientFrom>>) {
  const after = await surveyOf(windlass.vault);
  const known = before.issuers.map(({ id }) => id);
  const made = after.issuers.filter(({ id }) => !known.includes(id));
  expect(made.map(({ name, id }) => [name, id])).toEqual([[`windlass-${rotationId}`, after.defaultIssuerId]]);
  expect(roleOf(after)).toBe(after.defaultIssuerId);
  const answers = [await answersTo({ ...old, chainPem: '' }, windlass.fleet.hosts)];
  answers.push(await answersTo(await clientFrom(windlass.vault), windlass.fleet.hosts));
  expect(answers).toEqual([['400'], ['200']]);
}

/** As before the rotation, but for the new issuer, which may not issue. */
async function expectFallenBack() {
  const now = await surveyOf(windlass.vault);
  expect([now.defaultIssuerId, roleOf(now)]).toEqual([before.defaultIssuerId, before.defaultIssuerId]);
  const made = now.issuers.find(({ id }) => !before.issuers.some((one) => one.id === id));
  expect(made?.usage).not.toContain('issuing-certificates');
}

describe('F44: a new CA that another mount signs, and a role that moves', () => {
  it.each([
    ['make the key', /^ca\.prepare$/, /^POST .*\/generate\/intermediate\/internal$/],
    ['sign', /^ca\.prepare$/, /^POST .*pki-root\/issuer\/default\/sign-intermediate$/],
    ['import', /^ca\.prepare$/, /^POST .*\/intermediate\/set-signed$/],
    ['move the role', /^activate\.1\/ca\.move-roles$/, /^PATCH .*\/roles\/robots$/],
  ])('F44: the reply to %s is lost: no second issuer, and the rotation ends', async (_, step, question) => {
    const old = await clientFrom(windlass.vault);
    let lost: Promise<void> | null = null;
    const waylaid = moments.once(intended(step), () => {
      lost = way.loseNextReply(question);
    });
    const id = await windlass.rotate();
    await windlass.until(id, 'succeeded');
    await waylaid;
    await lost;
    await expectMoved(id, old);
  });
});

describe('a role that does not move', () => {
  it('F46: Vault does not let it: default and role are back, paused, and a resume ends it', async () => {
    const old = await clientFrom(windlass.vault);
    const struck = moments.once(succeeded(/\/ca\.switch-default$/), () => way.refuse(/^PATCH .*\/roles\//));
    const id = await windlass.rotate();
    await struck;
    const state = await windlass.until(id, 'paused');
    expect(explain(state)).toMatch(/denied the token when asked to make role robots issue from/);
    await expectFallenBack();
    expect(await answersTo(old, windlass.fleet.hosts)).toEqual(['200']);
    way.mend();
    await windlass.commands.resume({ rotationId: id, by: 'a test' });
    await windlass.until(id, 'succeeded');
    await expectMoved(id, old);
  });

  it('F45: somebody makes it name a third issuer: blocked, named, and moved back when that is undone', async () => {
    const old = await clientFrom(windlass.vault);
    const struck = moments.once(succeeded(/\/ca\.switch-default$/), () =>
      pinRole(windlass.vault, ROLE, stranger),
    );
    const id = await windlass.rotate();
    await struck;
    const state = await windlass.until(id, 'blocked');
    expect(explain(state)).toMatch(
      /role robots of .* issues from .* somebody else changed it.* set its issuer_ref/,
    );
    // Nobody's choice is overwritten, and nobody is refused meanwhile.
    const now = await surveyOf(windlass.vault);
    expect([now.defaultIssuerId, roleOf(now)]).toEqual([before.defaultIssuerId, stranger]);
    expect(await answersTo(old, windlass.fleet.hosts)).toEqual(['200']);
    await pinRole(windlass.vault, ROLE, before.defaultIssuerId);
    await windlass.until(id, 'paused');
    await expectFallenBack();
    await windlass.commands.resume({ rotationId: id, by: 'a test' });
    await windlass.until(id, 'succeeded');
    await expectMoved(id, old);
  });

  it('F45: in the soak somebody makes it name the old issuer: named, and no host drops the old CA', async () => {
    const old = await clientFrom(windlass.vault);
    const struck = moments.once(succeeded(/\/ca\.restrict-old$/), () =>
      pinRole(windlass.vault, ROLE, before.defaultIssuerId),
    );
    const id = await windlass.rotate();
    await struck;
    const state = await windlass.until(id, 'paused');
    expect(explain(state)).toMatch(/Role robots of .* was moved to the new issuer and issues from/);
    expect(await answersTo(old, windlass.fleet.hosts)).toEqual(['200']);
    const { defaultIssuerId } = await surveyOf(windlass.vault);
    await pinRole(windlass.vault, ROLE, defaultIssuerId);
    await windlass.commands.resume({ rotationId: id, by: 'a test' });
    await windlass.until(id, 'succeeded');
    await expectMoved(id, old);
  });
});
