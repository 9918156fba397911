import { type RotationState } from '#rotation';
import { anchorsOf, composeGeneration, parseBundle } from '#trust';
import { MARKER } from '../../../trust/src/certificates.fixture.js';
import type { Issuer } from '../ports/ca-source.js';
import type { Generation } from '../ports/fleet-store.js';
import { PortError } from '../ports/problem.js';
import type { EffectContext } from './context.js';
import { mint } from './minted-ca.fixture.js';

export const NOW = Date.parse('2026-11-24T00:00:00Z');
const PKI = { mount: 'pki', address: 'https://vault.example' };

/** The CA that the fleets trust today. */
export const OLD = await mint(NOW, { name: 'CN=old client CA' });

export const fingerprintOf = (pem: string) => parseBundle(pem).certificates[0]?.fingerprint;
export const issuer = (id: string, certificatePem: string): Issuer => ({
  id,
  name: id,
  certificatePem,
  usage: [],
});

export interface World {
  /** What the PKI gives when it is asked for the new CA. */
  readonly pulled: string;
  /** What it gave when it created it; the same when left out. */
  readonly created?: string;
  /** What the hosts serve today; the old CA alone when left out. */
  readonly today?: readonly string[];
  /** What the hosts of another fleet serve that trusts the same PKI; there is none when left out. */
  readonly elsewhere?: readonly string[];
}

function bundleOf(fleetId: string, anchorsPem: readonly string[], number = 1): Generation {
  const composed = composeGeneration({ anchorsPem, markerPem: null });
  return { ...composed, id: `${fleetId} ${number}`, fleetId, number };
}

/** Fleets with what they serve today, and all that is recorded for them. */
function fleetsOf(today: readonly Generation[]) {
  const recorded = [...today];
  const of = (fleetId: string) => recorded.filter((one) => one.fleetId === fleetId);
  const store = {
    fleet: async (id: string) => ({ id, name: id, issuingCa: PKI, generationMarker: true }),
    generation: async (id: string) => recorded.find((one) => one.id === id),
    nextGenerationNumber: async (fleetId: string) => of(fleetId).length + 1,
    addGeneration: async (fleetId: string, bundle: Pick<Generation, 'content' | 'digest' | 'marker'>) => {
      const number = of(fleetId).length + 1;
      const generation = { ...bundle, fleetId, id: `${fleetId} ${number}`, number };
      recorded.push(generation);
      return generation;
    },
  };
  return { store, recorded };
}

export function worldOf({ pulled, created = pulled, today = [OLD.pem], elsewhere }: World) {
  const mine = bundleOf('edge', today);
  const other = elsewhere ? [bundleOf('office', elsewhere)] : [];
  const { store, recorded } = fleetsOf([mine, ...other]);
  const ca = {
    survey: async () => ({ issuers: [issuer('old', OLD.pem), issuer('new', pulled)] }),
    prepareIssuer: async () => issuer('new', created),
  };
  const done = (kind: string, result: object) => [kind, { status: 'done', result }] as const;
  const otherFleets = other.map((one) => ({ fleetId: one.fleetId, fleetName: '', old: one, hostIds: ['b'] }));
  const state = {
    snapshot: {
      strategy: 'overlap',
      ...{ rotationId: 'r1', caTtlSeconds: 3600, fleetId: 'edge', fleetName: 'edge', old: mine },
      ...{ waves: [['a', 'b']], otherFleets },
    },
    effects: new Map([
      done('ca.survey', { defaultIssuerId: 'old' }),
      done('ca.prepare', { issuerId: 'new', fingerprint: fingerprintOf(created) }),
    ]),
  } as unknown as RotationState;
  const context = {
    ports: { fleets: store, ca, mint: { marker: async () => MARKER }, clock: { now: () => NOW } },
    state,
    fleet: { id: 'edge', name: 'edge', issuingCa: PKI, generationMarker: true },
  } as unknown as EffectContext;
  return { context, recorded };
}

export async function refusalOf(work: Promise<unknown>): Promise<PortError['problem']> {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (error instanceof PortError && !error.transient) return error.problem;
  throw new Error(`it was to be refused, and was not: ${error}`);
}

export const names = (generation: Generation | undefined) =>
  anchorsOf(parseBundle(generation?.content ?? '')).map(({ subject }) => subject);
