import { beforeAll, describe, expect, it } from 'vitest';
import { type Fleet, PortError } from '#engine';
import { makeCa, revocationList, type TestCa } from '#kit';
import type { Strategy } from '#rotation';
import { anchorsOf, composeGeneration, coverAnchors, crlsIn, parseBundle } from '#trust';
import type { EffectContext } from '../../libs/engine/src/perform/context.js';
import { crlSources } from '../../libs/engine/src/perform/crl-sources.js';
import {
  covered,
  refuseIdle,
  refuseShortCrls,
  sourcesFor,
} from '../../libs/engine/src/perform/generation-crls.js';
import { takeCrls } from '../../libs/engine/src/verdict/given-crls.js';

const NOW = Date.now();
const DAY = 86_400_000;
const AWAY = new PortError({ code: 'ca.unreachable', message: 'Vault is away.', nextStep: 'Start it.' });

let ca: TestCa;
let other: TestCa;
beforeAll(async () => {
  [ca, other] = await Promise.all([makeCa({ commonName: 'the CA' }), makeCa({ commonName: 'other' })]);
});

const anchors = () => anchorsOf(parseBundle(ca.certificatePem));
const listOf = (from: number, to: number, of = ca) =>
  revocationList(of, { thisUpdate: NOW + from * DAY, nextUpdate: NOW + to * DAY });
const context = (strategy: Strategy, soakSeconds = 0) =>
  ({
    ports: { clock: { now: () => NOW } },
    state: { snapshot: { strategy, soakSeconds } },
    fleet: { id: 'f', name: 'edge', revocation: 'crl' },
  }) as unknown as EffectContext;

describe('the CRLs that a generation is refused for', () => {
  it('F32: one that ended, with the fleet and the CA by name, unless trust is to end at once', async () => {
    const sources = { lists: crlsIn(await listOf(-9, -1)), failure: null };
    const build = (strategy: Strategy, failure: PortError | null = null) =>
      covered(context(strategy), 'overlap', anchors(), { ...sources, failure });
    expect(() => build('overlap')).toThrow(
      /^The overlap generation of fleet edge .*CRL of CN=the CA .*ended at/,
    );
    expect(() => build('replace', AWAY)).toThrow('Vault is away.');
    expect(build('distrust')).toHaveLength(1);
    const nothing = () => covered(context('distrust'), 'new-only', anchors(), { lists: [], failure: null });
    expect(nothing).toThrow(/has no CRL/);
  });

  it('one that ends within the soak', async () => {
    const overlap = coverAnchors(anchors(), crlsIn(await listOf(-1, 2)), NOW);
    const soaking = (days: number) => refuseShortCrls(context('overlap', (days * DAY) / 1000), overlap);
    expect(() => soaking(1)).not.toThrow();
    expect(() => soaking(0)).not.toThrow();
    expect(() => soaking(2)).toThrow(
      /The CRL of CN=the CA ends at .* fleet edge would trust both CAs for 172800 s/,
    );
  });

  it('those that hosts have already: a refresh of them is refused, or says why there are no others', async () => {
    const pem = await listOf(-1, 5);
    const generation = composeGeneration({
      ...{ anchorsPem: [ca.certificatePem], crlsPem: [pem], markerPem: null },
    });
    const old = { ...generation, id: 'g', fleetId: 'f', number: 1 };
    const refresh = (lists: string, failure: PortError | null = null) =>
      refuseIdle({ name: 'edge' } as Fleet, old, coverAnchors(anchors(), crlsIn(lists), NOW), {
        ...{ failure, now: NOW },
      });
    expect(() => refresh(pem)).toThrow(/fleet edge serves revoke whom those of now revoke/);
    expect(() => refresh(pem, AWAY)).toThrow('Vault is away.');
    const client = { ...(await ca.issueClient({ commonName: 'c' })) };
    const revoking = await revocationList(ca, { thisUpdate: NOW, revoked: [client] });
    expect(() => refresh(revoking, AWAY)).not.toThrow();
  });

  it('are waited for until no host would take them for not valid yet', async () => {
    const pem = await revocationList(ca, {
      thisUpdate: Math.floor(NOW / 1000) * 1000,
      nextUpdate: NOW + DAY,
    });
    const waits = async (behindMs: number) => {
      const slept: number[] = [];
      const { state, fleet } = context('refresh');
      const ports = {
        clock: { now: () => NOW, sleep: async (ms: number) => void slept.push(ms) },
        rotations: { leaf: async () => null },
        ca: {
          survey: async () => ({ issuers: [{ id: 'i', certificatePem: ca.certificatePem }] }),
          crl: async () => pem,
        },
      };
      const effects = new Map([['expand.1/host.inspect/a', { result: { behindMs } }]]);
      const asked = { ports, fleet: { ...fleet, crlsPem: '' }, state: { ...state, effects } };
      await sourcesFor(asked as unknown as EffectContext, { content: '' } as Fleet['generation'], anchors());
      return slept;
    };
    expect(await waits(0)).toEqual([]);
    expect(await waits(5_000)).toEqual([5_000 - (NOW % 1000)]);
    expect(await waits(60_000)).toEqual([]);
  });

  it('are looked for at everybody who may have them, whoever is away', async () => {
    const generation = { content: await listOf(-3, 5) } as Fleet['generation'];
    const fleet = { generation, crlsPem: await listOf(-2, 5), issuingCa: {} as Fleet['issuingCa'] };
    const survey = async () => ({ issuers: [{ id: 'i', certificatePem: ca.certificatePem }] }) as never;
    const lists = async (crl: () => Promise<string>) => {
      const found = await crlSources({ survey, crl }, fleet, anchors(), [await listOf(-1, 5, other)]);
      return [found.lists.length, found.failure];
    };
    const fresh = await listOf(0, 5);
    expect(await lists(async () => fresh)).toEqual([4, null]);
    expect(await lists(() => Promise.reject(AWAY))).toEqual([3, AWAY]);
    const away = { survey: () => Promise.reject(AWAY), crl: async () => fresh };
    expect((await crlSources(away, fleet, anchors())).failure).toBe(AWAY);
  });
});

describe('CRLs that people hand in', () => {
  it.each([
    ['one that ended', () => listOf(-9, -1), /the CRL of CN=the CA .* ended at/],
    ['one of another CA', () => listOf(-1, 5, other), /CRL of CN=other .* signed by no CA that the fleet/],
    ['a certificate', async () => ca.certificatePem, /is a certificate/],
    ['no CRL at all', async () => 'x', /holds no CRL/],
  ])('are not taken with %s', async (_, given, message) => {
    const pem = await given();
    expect(() => takeCrls(pem, anchors(), NOW)).toThrow(message);
  });

  it('are taken for the anchors of the fleet', async () => {
    expect(takeCrls(await listOf(-1, 5), anchors(), NOW)).toMatchObject([{ issuer: 'CN=the CA' }]);
  });
});
