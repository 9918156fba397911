import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { CaSurvey } from '#engine';
import { explain, type RotationState } from '#rotation';
import { PKI, TestInstallation } from '../../fleet/installation.js';
import { decided, Moments, succeeded } from './moments.js';
import { answersTo, clientFrom, liveDigests, servedBy, surveyOf, workersOf } from './outside-view.js';
import { anotherIssuer, inPki, pinRole, setDefault } from './pki-requests.js';

const ALL_USAGES = 'read-only,issuing-certificates,crl-signing,ocsp-signing';

const moments = new Moments();
let windlass: TestInstallation;
let stranger: string;

beforeAll(async () => {
  windlass = await TestInstallation.open({ hosts: 2, alter: moments.watch });
  stranger = await anotherIssuer(windlass.vault);
});

afterAll(() => windlass?.stop());
afterEach(() => moments.forget());

const hosts = () => windlass.fleet.hosts;
const world = async () => [...liveDigests(hosts()), ...(await servedBy(hosts())), ...workersOf(hosts())];

/** What somebody does to the mount, and undoes when told. */
interface Meddling {
  readonly what: string;
  readonly does: (before: CaSurvey) => Promise<unknown>;
  readonly undoes: (before: CaSurvey, now: CaSurvey) => Promise<unknown>;
  readonly says: RegExp;
}

const newest = (before: CaSurvey, now: CaSurvey) =>
  now.issuers.find(({ id }) => !before.issuers.some((one) => one.id === id))?.id ?? '';

const BEFORE_THE_SWITCH: readonly (Meddling & { readonly stands: string })[] = [
  {
    what: 'makes another issuer the default',
    stands: 'blocked',
    does: () => setDefault(windlass.vault, stranger),
    undoes: (before) => setDefault(windlass.vault, before.defaultIssuerId),
    says: /default issuer of .* somebody else changed it/,
  },
  {
    what: 'pins the role of the clients to the old issuer',
    stands: 'paused',
    does: (before) => pinRole(windlass.vault, PKI.role, before.defaultIssuerId),
    undoes: () => pinRole(windlass.vault, PKI.role, 'default'),
    says: /Roles of .* pin an issuer .*clients -> /,
  },
  {
    what: 'adds a role that is pinned to the old issuer',
    stands: 'paused',
    does: ({ defaultIssuerId: issuer_ref }) =>
      inPki(windlass.vault, 'POST', 'roles/robots', { allow_any_name: true, issuer_ref }),
    undoes: () => inPki(windlass.vault, 'DELETE', 'roles/robots'),
    says: /Roles of .* pin an issuer .*robots -> /,
  },
];

const IN_THE_SOAK: readonly Meddling[] = [
  {
    what: 'lets the old issuer issue again',
    does: ({ defaultIssuerId }) =>
      inPki(windlass.vault, 'PATCH', `issuer/${defaultIssuerId}`, {
        usage: 'read-only,issuing-certificates',
      }),
    undoes: ({ defaultIssuerId }) =>
      inPki(windlass.vault, 'PATCH', `issuer/${defaultIssuerId}`, { usage: 'read-only,crl-signing' }),
    says: /old issuer .* may issue certificates again/,
  },
  {
    what: 'keeps the new issuer from issuing',
    does: async (before) => {
      const made = newest(before, await surveyOf(windlass.vault));
      await inPki(windlass.vault, 'PATCH', `issuer/${made}`, { usage: 'read-only,crl-signing' });
    },
    undoes: (before, now) =>
      inPki(windlass.vault, 'PATCH', `issuer/${newest(before, now)}`, { usage: ALL_USAGES }),
    says: /new issuer .* may not issue certificates any more/,
  },
  {
    what: 'makes the old issuer the default again',
    does: ({ defaultIssuerId }) => setDefault(windlass.vault, defaultIssuerId),
    undoes: (before, now) => setDefault(windlass.vault, newest(before, now)),
    says: /default issuer of .* and not the new one/,
  },
];

/** The fleet stands on the overlap, however often it is woken; clients of the old CA get in. */
async function expectStanding(state: RotationState, old: Awaited<ReturnType<typeof clientFrom>>) {
  const standing = await world();
  await windlass.commands.sweep();
  expect(await answersTo(old, hosts())).toEqual(['200', '200']);
  expect(await world()).toEqual(standing);
  const now = await windlass.commands.read(state.snapshot.rotationId);
  expect([now.ended, now.decisions.has('go/contract.1/0')]).toEqual([null, false]);
}

async function goOn(id: string): Promise<void> {
  await windlass.until(id, 'paused');
  await windlass.commands.resume({ rotationId: id, by: 'a test' });
  await windlass.until(id, 'succeeded');
  expect(await answersTo(await clientFrom(windlass.vault), hosts())).toEqual(['200', '200']);
}

describe('F45: somebody changes the mount in mid-rotation', () => {
  it.each(BEFORE_THE_SWITCH)(
    'F45: before the switch somebody $what: named, and the fleet stays',
    async (meddling) => {
      const before = await surveyOf(windlass.vault);
      const old = await clientFrom(windlass.vault);
      const struck = moments.once(decided('keep', 'expand'), () => meddling.does(before));
      const id = await windlass.rotate();
      await struck;
      const state = await windlass.until(id, meddling.stands);
      expect(explain(state)).toMatch(meddling.says);
      await expectStanding(state, old);
      await meddling.undoes(before, await surveyOf(windlass.vault));
      await windlass.until(id, 'paused');
      // As it was: the old CA is the default, and nothing new can be had.
      const now = await surveyOf(windlass.vault);
      expect(now.defaultIssuerId).toBe(before.defaultIssuerId);
      const made = now.issuers.find(({ id: issuer }) => issuer === newest(before, now));
      expect(made?.usage).not.toContain('issuing-certificates');
      await goOn(id);
      expect(await answersTo(old, hosts())).toEqual(['400', '400']);
    },
  );

  it.each(IN_THE_SOAK)(
    'F45: in the soak somebody $what: named, and no host drops the old CA',
    async (meddling) => {
      const before = await surveyOf(windlass.vault);
      const old = await clientFrom(windlass.vault);
      const struck = moments.once(succeeded(/\/ca\.restrict-old$/), () => meddling.does(before));
      const id = await windlass.rotate();
      await struck;
      const state = await windlass.until(id, 'paused');
      expect(state.phase).toBe('soak');
      expect(explain(state)).toMatch(meddling.says);
      await expectStanding(state, old);
      await meddling.undoes(before, await surveyOf(windlass.vault));
      await goOn(id);
      expect(await answersTo(old, hosts())).toEqual(['400', '400']);
    },
  );

  it('F45: in the soak Vault is restored to before the rotation: named, and no host drops the old CA', async () => {
    const before = await surveyOf(windlass.vault);
    const old = await clientFrom(windlass.vault);
    const restored = moments.once(succeeded(/\/ca\.restrict-old$/), async () => {
      const { defaultIssuerId } = before;
      const made = newest(before, await surveyOf(windlass.vault));
      await setDefault(windlass.vault, defaultIssuerId);
      await inPki(windlass.vault, 'PATCH', `issuer/${defaultIssuerId}`, { usage: ALL_USAGES });
      await inPki(windlass.vault, 'DELETE', `issuer/${made}`);
    });
    const state = await windlass.until(await windlass.rotate(), 'paused');
    await restored;
    expect(explain(state)).toMatch(/default issuer of .* and not the new one/);
    await expectStanding(state, old);
    // Whoever is served by the restored Vault is served by the fleet as well.
    expect(await answersTo(await clientFrom(windlass.vault), hosts())).toEqual(['200', '200']);
  });
});
