import { beforeAll, describe, expect, it } from 'vitest';
import { type Fleet, PortError } from '#engine';
import { makeCa, revocationList, type TestCa } from '#kit';
import type { Strategy } from '#rotation';
import {
  anchorId,
  anchorsOf,
  type BundleCertificate,
  composeGeneration,
  coverAnchors,
  crlsIn,
  parseBundle,
} from '#trust';
import type { EffectContext } from '../../libs/engine/src/perform/context.js';
import { crlSources } from '../../libs/engine/src/perform/crl-sources.js';
import { covered, refuseIdle, sourcesFor } from '../../libs/engine/src/perform/generation-crls.js';
import { takeCrls } from '../../libs/engine/src/verdict/given-crls.js';

const NOW = Date.now();
const DAY = 86_400_000;
const AWAY = new PortError({ code: 'ca.unreachable', message: 'Vault is away.', nextStep: 'Start it.' });
const NO_CRL = new PortError({ code: 'ca.no-crl', message: 'it lies in a bucket', nextStep: 'Hand it in.' });
const NO_FAILURES = { failures: new Map<string, PortError>(), away: null };

let ca: TestCa;
let other: TestCa;
beforeAll(async () => {
  [ca, other] = await Promise.all([makeCa({ commonName: 'the CA' }), makeCa({ commonName: 'other' })]);
});

const anchorOf = ({ certificatePem }: TestCa) =>
  anchorsOf(parseBundle(certificatePem))[0] as BundleCertificate;
const anchors = () => [anchorOf(ca)];
const idOf = (of: TestCa) => anchorId(anchorOf(of));
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
    const lists = crlsIn(await listOf(-9, -1));
    const build = (strategy: Strategy, away: PortError | null = null) =>
      covered(context(strategy), 'overlap', anchors(), { ...NO_FAILURES, lists, away });
    expect(() => build('overlap')).toThrow(
      /^The overlap generation of fleet edge .*CRL of CN=the CA .*ended at/,
    );
    expect(() => build('replace', AWAY)).toThrow('Vault is away.');
    expect(build('distrust')).toHaveLength(1);
    const nothing = () => covered(context('distrust'), 'new-only', anchors(), { ...NO_FAILURES, lists: [] });
    expect(nothing).toThrow(/has no CRL/);
  });

  it('one that ended, by its own fault and not by that of an issuer whose CRL was handed in', async () => {
    const build = (lists: string, failures: ReadonlyMap<string, PortError>, away: PortError | null = null) =>
      covered(context('overlap'), 'overlap', anchors(), { lists: crlsIn(lists), failures, away });
    const ended = await listOf(-9, -1);
    const others = new Map([[idOf(other), NO_CRL]]);
    expect(() => build(ended, others)).toThrow(/CRL of CN=the CA .*ended at/);
    expect(() => build(ended, others, AWAY)).toThrow('Vault is away.');
    expect(() => build(ended, new Map([[idOf(ca), NO_CRL]]), AWAY)).toThrow('it lies in a bucket');
    expect(build(await listOf(-1, 5), new Map([[idOf(ca), NO_CRL]]))).toHaveLength(1);
  });

  it('F32: none that ends soon or has ended for a refresh, whose others wait for theirs', async () => {
    const refresh = (strategy: Strategy, lists: string) => () =>
      covered(context(strategy), 'new-only', anchors(), { ...NO_FAILURES, lists: crlsIn(lists) });
    for (const [from, to] of [
      [-9, -1],
      [-9, 0.5],
    ] as const) {
      const pem = await listOf(from, to);
      expect(refresh('refresh', pem)()).toMatchObject([{ list: { issuer: 'CN=the CA' } }]);
      expect(refresh('replace', pem)).toThrow(/would refuse clients/);
    }
    expect(refresh('refresh', '')).toThrow(/has no CRL/);
    expect(refresh('refresh', await listOf(1, 5))).toThrow(/is not valid before/);
    expect(refresh('refresh', (await listOf(1, 5)) + (await listOf(-9, 0.5)))).not.toThrow();
  });

  it('F32: none that ends soon for an overlap that hosts have already, and that gets the CRLs of now', async () => {
    const pem = await listOf(-9, 0.5);
    const again = (as?: Strategy) => () =>
      covered(context('overlap'), 'overlap', anchors(), { ...NO_FAILURES, lists: crlsIn(pem) }, as);
    expect(again()).toThrow(/would refuse clients/);
    expect(again('refresh')).not.toThrow();
  });

  it('those that hosts have already: a refresh of them is refused, or says why there are no others', async () => {
    const pem = await listOf(-1, 5);
    const generation = composeGeneration({
      ...{ anchorsPem: [ca.certificatePem], crlsPem: [pem], markerPem: null },
    });
    const old = { ...generation, id: 'g', fleetId: 'f', number: 1 };
    const refresh = (lists: string, away: PortError | null = null, now = NOW) =>
      refuseIdle({ name: 'edge' } as Fleet, old, coverAnchors(anchors(), crlsIn(lists), now), {
        ...{ failures: new Map([[idOf(ca), NO_CRL]]), away, now },
      });
    expect(() => refresh(pem)).toThrow(/fleet edge serves revoke whom those of now revoke/);
    expect(() => refresh(pem, AWAY)).toThrow('Vault is away.');
    expect(() => refresh(pem, null, NOW + 3 * DAY)).toThrow('it lies in a bucket');
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

  it('are asked of nobody where no anchors are composed', async () => {
    const asked = context('sync');
    Object.assign(asked.ports, { ca: { survey: () => Promise.reject(new Error('it was asked')) } });
    expect(await sourcesFor(asked, { content: '' } as Fleet['generation'], [])).toBeNull();
  });

  it('are looked for at everybody who may have them, whoever is away', async () => {
    const generation = { content: await listOf(-3, 5) } as Fleet['generation'];
    const fleet = { generation, crlsPem: await listOf(-2, 5), issuingCa: {} as Fleet['issuingCa'] };
    const survey = async () => ({ issuers: [{ id: 'i', certificatePem: ca.certificatePem }] }) as never;
    const lists = async (crl: () => Promise<string>) => {
      const found = await crlSources({ survey, crl }, fleet, anchors(), [await listOf(-1, 5, other)]);
      return [found.lists.length, found.failures.get(idOf(ca)) ?? null, found.away];
    };
    const fresh = await listOf(0, 5);
    expect(await lists(async () => fresh)).toEqual([4, null, null]);
    expect(await lists(() => Promise.reject(AWAY))).toEqual([3, AWAY, null]);
    const away = { survey: () => Promise.reject(AWAY), crl: async () => fresh };
    expect(await crlSources(away, fleet, anchors())).toMatchObject({ away: AWAY, failures: new Map() });
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
