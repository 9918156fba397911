import { beforeAll, describe, expect, it } from 'vitest';
import { OpensslChainVerifier } from '#certificates';
import { type Fleet, type Generation, PortError, Secret } from '#engine';
import { makeCa, revocationList, type TestCa, type TestCertificate } from '#kit';
import { hostEffect, type RenewedOverlap, type RotationState } from '#rotation';
import { type ComposedGeneration, composeGeneration, crlsIn, revokedBy } from '#trust';
import { anchorsIn } from '../../libs/engine/src/generation-anchors.js';
import type { EffectContext } from '../../libs/engine/src/perform/context.js';
import { expectations } from '../../libs/engine/src/perform/expectations.js';
import { renewOverlap } from '../../libs/engine/src/perform/renew-overlap.js';

const NOW = Date.now();
const DAY = 86_400_000;

let ca: TestCa;
let client: TestCertificate;
let other: TestCertificate;
let stranger: TestCertificate;
beforeAll(async () => {
  ca = await makeCa({ commonName: 'the CA' });
  client = await ca.issueClient({ commonName: 'client' });
  other = await ca.issueClient({ commonName: 'other' });
  stranger = await (await makeCa({ commonName: 'nobody' })).issueClient({ commonName: 'stranger' });
});

/** From, to: days from now. */
const listOf = (from: number, to: number, revoked: readonly TestCertificate[] = []) =>
  revocationList(ca, { thisUpdate: NOW + from * DAY, nextUpdate: NOW + to * DAY, revoked });

const sampleOf = (
  name: string,
  { certificatePem, privateKeyPem }: TestCertificate,
  expects = 'accepted',
) => ({
  ...{ name, certificatePem, chainPem: '', privateKey: new Secret(privateKeyPem), expect: expects },
});

/** What a fleet has in the soak, and what its CA gives by now: a CRL, or why it gives none. */
interface Soaking {
  readonly has: string;
  readonly given: string | PortError;
}

const away = new PortError({ code: 'ca.unavailable', message: 'Vault is sealed.', nextStep: 'Unseal.' });

/** As an inspection found the only server of a host: it reads bundle and CRLs from the managed file. */
const inspected = (hostId: string) => {
  const id = `expand.1/host.inspect/${hostId}`;
  const setting = { where: hostId, depth: 1, trustedPem: '', crlPem: '', crlManaged: true, openssl: null };
  const effect = { id, kind: 'host.inspect', hostId, transition: 'expand' };
  return [id, { effect, status: 'done', result: { settings: [setting] } }] as const;
};

/** A rotation in its soak, with one host for each of these fleets. */
class Soak {
  readonly recorded: Generation[] = [];
  readonly decisions = new Map<string, object>();
  readonly effects = new Map<string, object>();
  private readonly fleets: readonly Fleet[];
  private tries = 0;

  constructor(private readonly all: readonly Soaking[]) {
    this.fleets = all.map(({ has }, index) => this.fleetOf(has, index));
    const [first, ...others] = this.recorded.map(({ id, number, digest }) => {
      const ref = { id, number, digest, marker: null };
      return { overlap: ref, next: ref, trustDiff: '' };
    });
    const otherFleets = others.map((one, index) => ({ ...one, fleetId: `f${index + 1}` }));
    this.done('generations.build', { ...first, otherFleets });
    for (const [id, record] of all.map((_, index) => inspected(`host-${index}`)))
      this.effects.set(id, record);
  }

  private fleetOf(crl: string, index: number): Fleet {
    const composed = composeGeneration({
      ...{ anchorsPem: [ca.certificatePem], crlsPem: [crl], markerPem: null },
    });
    this.recorded.push({ ...composed, id: `g${index}`, fleetId: `f${index}`, number: 1 });
    return {
      ...{ id: `f${index}`, name: `edge-${index}`, revocation: 'crl', crlsPem: '', generationMarker: false },
      ...{ issuingCa: { index }, hosts: [{ id: `host-${index}` }], generation: this.recorded[index] },
      samples: [
        ...[sampleOf('gone', client), sampleOf('stays', other)],
        sampleOf('out', stranger, 'refused'),
      ],
    } as unknown as Fleet;
  }

  private done(id: string, result: object): void {
    this.effects.set(id, { effect: { id, kind: id }, status: 'done', result });
  }

  context(index = 0): EffectContext {
    const old = { id: 'g0', number: 1, digest: '', marker: null };
    const fleetSnapshots = this.all.map((_, at) => ({
      ...{ fleetId: `f${at}`, fleetName: `edge-${at}`, old, hostIds: [`host-${at}`] },
    }));
    const snapshot = {
      ...{ rotationId: 'r', strategy: 'overlap', old, hostNames: {} },
      ...{ fleetId: 'f0', fleetName: 'edge-0', otherFleets: fleetSnapshots.slice(1) },
      waves: [this.all.map((_, at) => `host-${at}`)],
    };
    const { effects, decisions } = this;
    const progress = { phase: 'soak', attempt: { activate: 1, contract: 1 }, decommissioned: new Map() };
    const state = { snapshot, effects, decisions, ...progress } as unknown as RotationState;
    const context = { ports: this.ports(), state, fleet: this.fleets[index], recent: NO_LEAF };
    return context as unknown as EffectContext;
  }

  private ports() {
    const givenBy = (one: unknown) => this.all[(one as { index: number }).index]?.given ?? '';
    return {
      verifier: OpensslChainVerifier.local(),
      clock: { now: () => NOW, sleep: async () => undefined },
      rotations: NO_LEAF,
      ca: {
        survey: async () => ({ issuers: [{ id: 'i', certificatePem: ca.certificatePem }] }),
        crl: async (issuingCa: unknown) => {
          const given = givenBy(issuingCa);
          if (given instanceof PortError) throw given;
          return given;
        },
      },
      fleets: {
        fleet: async (id: string) => this.fleets.find((one) => one.id === id),
        generation: async (id: string) => this.recorded.find((one) => one.id === id),
        nextGenerationNumber: async () => this.recorded.length + 1,
        addGeneration: async (fleetId: string, composed: ComposedGeneration) => {
          const id = `g${this.recorded.length}`;
          const one = { ...composed, id, fleetId, number: this.recorded.length + 1 };
          this.recorded.push(one);
          return one;
        },
      },
    };
  }

  /** As the journal has it behind a look. */
  async look(): Promise<readonly RenewedOverlap[]> {
    const found = await renewOverlap(this.context());
    this.tries += 1;
    this.done(`refresh.${this.tries}/crls.renew`, found);
    return found.renewed;
  }

  /** The fleet decided against what the last look found, before a host was asked. */
  refuse(): void {
    const decision = { kind: 'refuse', transition: 'refresh', attempt: this.tries };
    this.decisions.set(`outcome/refresh.${this.tries}`, { decision, at: '', because: '' });
  }
}

const NO_LEAF = { leaf: async () => null };

describe('the overlap of a soak', () => {
  it('is recorded anew where its CA revoked somebody, with the same anchors', async () => {
    const soak = new Soak([{ has: await listOf(-1, 5), given: await listOf(0, 5, [client]) }]);
    expect(await soak.look()).toMatchObject([
      { fleetId: 'f0', overlap: { id: 'g1' }, crlEnds: { issuer: 'CN=the CA' } },
    ]);
    const after = soak.recorded[1] as Generation;
    expect(crlsIn(after.content).flatMap(revokedBy)).toHaveLength(1);
    expect(anchorsIn(after).map(({ subject }) => subject)).toEqual(['CN=the CA']);
  });

  it('stays where the CRLs of now revoke nobody else and half of the life of its own is left', async () => {
    const soak = new Soak([{ has: await listOf(-1, 5), given: await listOf(0, 6) }]);
    expect([await soak.look(), soak.recorded.length]).toEqual([[], 1]);
  });

  it('is recorded anew past that half, though nobody was revoked', async () => {
    const soak = new Soak([{ has: await listOf(-5, 1), given: await listOf(0, 6) }]);
    expect(await soak.look()).toMatchObject([{ samples: { accepted: 2, refused: [] } }]);
  });

  it('is not, and says why in the words of its CA, where that is away past the half', async () => {
    const soak = new Soak([{ has: await listOf(-5, 1), given: away }]);
    await expect(soak.look()).rejects.toBe(away);
    expect(soak.recorded).toHaveLength(1);
    const early = new Soak([{ has: await listOf(-1, 5), given: away }]);
    expect(await early.look()).toEqual([]);
  });

  it('is the one of the try before where that came to nothing and its CA made no other CRL', async () => {
    const soak = new Soak([{ has: await listOf(-1, 5), given: await listOf(0, 5, [client]) }]);
    const first = await soak.look();
    soak.refuse();
    expect([await soak.look(), soak.recorded.length]).toEqual([first, 2]);
  });

  it('of one fleet does not wait for the CA of another one', async () => {
    const soak = new Soak([
      { has: await listOf(-5, 1), given: away },
      { has: await listOf(-1, 5), given: await listOf(0, 5, [client]) },
    ]);
    expect(await soak.look()).toMatchObject([
      { fleetId: 'f1', samples: { accepted: 1, refused: ['edge-1/gone'] } },
    ]);
  });
});

describe('a sample that its CA revoked in the soak', () => {
  async function promisedBy(soak: Soak, side: 'near' | 'far', index = 0) {
    const prove = hostEffect('refresh', 1, 'host.prove', `host-${index}`);
    const serving = soak.recorded[side === 'near' ? index : soak.recorded.length - 1] as Generation;
    const all = await expectations(soak.context(index), prove, side, serving);
    return Object.fromEntries(all.map(({ who, verdict }) => [who, verdict]));
  }

  it('is named, and must be refused from the refresh on and by nobody before', async () => {
    const soak = new Soak([{ has: await listOf(-1, 5), given: await listOf(0, 5, [client]) }]);
    expect(await soak.look()).toMatchObject([{ samples: { accepted: 1, refused: ['gone'] } }]);
    const stay = { 'sample stays': 'accepted', 'sample out': 'refused' };
    expect(await promisedBy(soak, 'near')).toEqual({ 'sample gone': 'accepted', ...stay });
    expect(await promisedBy(soak, 'far')).toEqual({ 'sample gone': 'refused', ...stay });
  });

  it('is promised nothing else by a fleet whose CRLs stay', async () => {
    const stays = await listOf(-1, 5);
    const soak = new Soak([
      { has: stays, given: await listOf(0, 5, [client]) },
      { has: stays, given: stays },
    ]);
    await soak.look();
    soak.recorded.push(soak.recorded[1] as Generation);
    const stay = { 'sample edge-1/stays': 'accepted', 'sample edge-1/out': 'refused' };
    expect(await promisedBy(soak, 'far', 1)).toEqual({ 'sample edge-1/gone': 'accepted', ...stay });
  });
});
