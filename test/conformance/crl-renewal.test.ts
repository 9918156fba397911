import { beforeAll, describe, expect, it } from 'vitest';
import { OpensslChainVerifier } from '#certificates';
import { type Fleet, type Generation, PortError, Secret } from '#engine';
import { makeCa, revocationList, type TestCa, type TestCertificate } from '#kit';
import { hostEffect, type RotationState, trustDiffOf } from '#rotation';
import { type ComposedGeneration, composeGeneration, crlsIn, revokedBy } from '#trust';
import type { EffectContext } from '../../libs/engine/src/perform/context.js';
import { expectations } from '../../libs/engine/src/perform/expectations.js';
import { checkRetired } from '../../libs/engine/src/perform/mount-checks.js';

const NOW = Date.now();
const DAY = 86_400_000;

let ca: TestCa;
let client: TestCertificate;
let other: TestCertificate;
beforeAll(async () => {
  ca = await makeCa({ commonName: 'the CA' });
  client = await ca.issueClient({ commonName: 'client' });
  other = await ca.issueClient({ commonName: 'other' });
});

/** What was promised before the soak. */
const VERIFIED = {
  ...{ accepted: ['gone', 'stays'], refusedAfterContract: [] },
  byFleet: [{ fleetId: 'f', accepted: 2, refusedAfterContract: [] }],
};
const sampleOf = (
  name: string,
  { certificatePem, privateKeyPem }: TestCertificate,
  expects = 'accepted',
) => ({
  ...{ name, certificatePem, chainPem: '', privateKey: new Secret(privateKeyPem), expect: expects },
});

const listOf = (from: number, to: number, revoked: readonly TestCertificate[] = []) =>
  revocationList(ca, { thisUpdate: NOW + from * DAY, nextUpdate: NOW + to * DAY, revoked });
const generationOf = (crl: string, number: number): Generation => ({
  ...composeGeneration({ anchorsPem: [ca.certificatePem], crlsPem: [crl], markerPem: null }),
  ...{ id: `g${number}`, fleetId: 'f', number },
});

/** As an inspection found the only server of the only host: it reads bundle and CRLs from the managed file. */
const INSPECTED = {
  effect: { id: 'expand.1/host.inspect/a', kind: 'host.inspect', hostId: 'a', transition: 'expand' },
  status: 'done',
  result: {
    settings: [{ where: 'edge-1', depth: 1, trustedPem: '', crlPem: '', crlManaged: true, openssl: null }],
  },
};

/** A rehearsal before its contract, whose new-only generation holds one CRL while the CA gives another one. */
async function rehearsal(built: string, given: string, more: Partial<RotationState> = {}) {
  const recorded = [generationOf(built, 1)];
  const ref = { id: 'g1', number: 1, digest: recorded[0]?.digest, marker: null };
  const fleet = {
    ...{ id: 'f', name: 'edge', revocation: 'crl', crlsPem: '', issuingCa: {}, generationMarker: false },
    ...{ hosts: [{ id: 'a' }], generation: recorded[0] },
    samples: [sampleOf('gone', client), sampleOf('stays', other), sampleOf('out', client, 'refused')],
  } as unknown as Fleet;
  const done = (id: string, result: object) =>
    [id, { effect: { id, kind: id }, status: 'done', result }] as const;
  const effects = new Map<string, object>([
    done('generations.build', { overlap: ref, next: ref, trustDiff: '+0 -0 anchors' }),
    done('samples.verify', VERIFIED),
    [INSPECTED.effect.id, INSPECTED],
  ]);
  const snapshot = {
    ...{ rotationId: 'r', strategy: 'rehearse', fleetId: 'f', fleetName: 'edge', old: ref },
    ...{ waves: [['a']], otherFleets: [] },
  };
  const attempt = { contract: 1 };
  const nobody = { decommissioned: new Map(), decisions: new Map() };
  const state = { snapshot, effects, attempt, ...nobody } as unknown as RotationState;
  const ports = {
    verifier: OpensslChainVerifier.local(),
    clock: { now: () => NOW, sleep: async () => undefined },
    rotations: { leaf: async () => null },
    ca: {
      survey: async () => ({ issuers: [{ id: 'i', certificatePem: ca.certificatePem }] }),
      crl: async () => given,
    },
    fleets: {
      fleet: async () => fleet,
      generation: async (id: string) => recorded.find((one) => one.id === id),
      nextGenerationNumber: async () => recorded.length + 1,
      addGeneration: async (fleetId: string, composed: ComposedGeneration) => {
        const number = recorded.length + 1;
        const one = { ...composed, id: `g${number}`, fleetId, number };
        recorded.push(one);
        return one;
      },
    },
  };
  const recent = { leaf: async () => null };
  const context = { ports, state: { ...state, ...more }, fleet, recent } as unknown as EffectContext;
  const result = await checkRetired(context);
  effects.set(...done('contract.1/ca.check-retired', result));
  return { result, recorded, context };
}

describe('the CRLs of a rehearsal whose contract comes days later', () => {
  it('are those of the hour of the contract, where those of the day it was built have ended', async () => {
    const { result, recorded } = await rehearsal(await listOf(-9, -1), await listOf(0, 5, [client]));
    expect(result).toMatchObject({ renewed: [{ fleetId: 'f', next: { id: 'g2' } }] });
    expect(crlsIn(recorded[1]?.content ?? '').flatMap(revokedBy)).toHaveLength(1);
  });

  it('stay where the CA made no others', async () => {
    const list = await listOf(-1, 5);
    const { result, recorded } = await rehearsal(list, list);
    expect([result, recorded.length]).toEqual([{}, 1]);
  });

  it('F32: keep it from dropping the canary where all of them have ended', async () => {
    const over = await listOf(-9, -1);
    await expect(rehearsal(over, over)).rejects.toThrow(PortError);
    await expect(rehearsal(over, over)).rejects.toThrow(/CRL of CN=the CA .*ended at/);
  });
});

describe('a sample that its CA revoked in the soak', () => {
  it('is expected to be refused by the contract, and nobody else is', async () => {
    const { context, recorded } = await rehearsal(await listOf(-1, 5), await listOf(0, 5, [client]));
    const contract = hostEffect('contract', 1, 'host.prove', 'a');
    const promised = async (side: 'near' | 'far') => {
      const all = await expectations(context, contract, side, recorded[1] as Generation);
      return Object.fromEntries(all.map(({ who, verdict }) => [who, verdict]));
    };
    expect(await promised('far')).toEqual({
      'sample gone': 'refused',
      ...{ 'sample stays': 'accepted', 'sample out': 'refused' },
    });
    expect(await promised('near')).toMatchObject({ 'sample gone': 'accepted', 'sample stays': 'accepted' });
    expect(trustDiffOf(context.state, 'f')).toMatch(/samples: 1 accepted, 1 will be refused: gone$/);
  });

  it('is not asked of a host that was given up', async () => {
    const { result } = await rehearsal(await listOf(-1, 5), await listOf(0, 5, [client]), {
      decommissioned: new Map([['a', { by: 'person', because: 'gone', at: '' }]]),
    });
    expect(result).toMatchObject({ renewed: [{ samples: { accepted: 2, refusedAfterContract: [] } }] });
  });

  it('has no generation recorded while nobody can judge it, however often that is tried', async () => {
    const away = new PortError({ code: 'verifier.unavailable', message: 'no OpenSSL', nextStep: 'Install.' });
    const { context, recorded } = await rehearsal(await listOf(-1, 5), await listOf(0, 5, [client]));
    Object.assign(context.state.attempt, { contract: 2 });
    Object.assign(context.ports, { verifier: { verify: () => Promise.reject(away) } });
    await expect(checkRetired(context)).rejects.toThrow('no OpenSSL');
    expect(recorded).toHaveLength(2);
  });
});
