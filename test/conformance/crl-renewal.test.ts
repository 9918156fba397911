import { beforeAll, describe, expect, it } from 'vitest';
import { type Fleet, type Generation, PortError } from '#engine';
import { makeCa, revocationList, type TestCa, type TestCertificate } from '#kit';
import type { RotationState } from '#rotation';
import { type ComposedGeneration, composeGeneration, crlsIn, revokedBy } from '#trust';
import type { EffectContext } from '../../libs/engine/src/perform/context.js';
import { checkRetired } from '../../libs/engine/src/perform/mount-checks.js';

const NOW = Date.now();
const DAY = 86_400_000;

let ca: TestCa;
let client: TestCertificate;
beforeAll(async () => {
  ca = await makeCa({ commonName: 'the CA' });
  client = await ca.issueClient({ commonName: 'client' });
});

const listOf = (from: number, to: number, revoked: readonly TestCertificate[] = []) =>
  revocationList(ca, { thisUpdate: NOW + from * DAY, nextUpdate: NOW + to * DAY, revoked });
const generationOf = (crl: string, number: number): Generation => ({
  ...composeGeneration({ anchorsPem: [ca.certificatePem], crlsPem: [crl], markerPem: null }),
  ...{ id: `g${number}`, fleetId: 'f', number },
});

/** A rehearsal before its contract, whose new-only generation holds one CRL while the CA gives another one. */
async function rehearsal(built: string, given: string) {
  const recorded = [generationOf(built, 1)];
  const ref = { id: 'g1', number: 1, digest: recorded[0]?.digest, marker: null };
  const fleet = {
    ...{ id: 'f', name: 'edge', revocation: 'crl', crlsPem: '', issuingCa: {}, generationMarker: false },
    ...{ samples: [], hosts: [], generation: recorded[0] },
  } as unknown as Fleet;
  const effects = new Map([
    ['generations.build', { status: 'done', result: { overlap: ref, next: ref, trustDiff: '' } }],
  ]);
  const snapshot = {
    ...{ rotationId: 'r', strategy: 'rehearse', fleetId: 'f', fleetName: 'edge', old: ref },
    ...{ waves: [['a']], otherFleets: [] },
  };
  const state = { snapshot, effects, attempt: { contract: 1 } } as unknown as RotationState;
  const ports = {
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
  const result = await checkRetired({ ports, state, fleet } as unknown as EffectContext);
  return { result, recorded };
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
