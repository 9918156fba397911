import { X509Certificate } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import type { RotationState } from '#rotation';
import { anchorsOf, composeGeneration, parseBundle } from '#trust';
import { MARKER } from '../../../trust/src/certificates.fixture.js';
import type { Issuer } from '../ports/ca-source.js';
import type { Generation } from '../ports/fleet-store.js';
import { PortError } from '../ports/problem.js';
import { prepare } from './ca-effects.js';
import type { EffectContext } from './context.js';
import { buildGenerations } from './generations.js';
import { KeyUsageFlags, type MintedCa, mint } from './minted-ca.fixture.js';

const NOW = Date.parse('2026-11-24T00:00:00Z');
const PKI = { mount: 'pki', address: 'https://vault.example' };
const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';

let old: MintedCa;
beforeAll(async () => {
  old = await mint(NOW, { name: 'CN=old client CA' });
});

const fingerprintOf = (pem: string) => parseBundle(pem).certificates[0]?.fingerprint;
const issuer = (id: string, certificatePem: string): Issuer => ({ id, name: id, certificatePem, usage: [] });

interface World {
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

function worldOf({ pulled, created = pulled, today = [old.pem], elsewhere }: World) {
  const mine = bundleOf('edge', today);
  const other = elsewhere ? [bundleOf('office', elsewhere)] : [];
  const { store, recorded } = fleetsOf([mine, ...other]);
  const ca = {
    survey: async () => ({ issuers: [issuer('old', old.pem), issuer('new', pulled)] }),
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

async function refusalOf(work: Promise<unknown>): Promise<PortError['problem']> {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (error instanceof PortError && !error.transient) return error.problem;
  throw new Error(`it was to be refused, and was not: ${error}`);
}

const names = (generation: Generation | undefined) =>
  anchorsOf(parseBundle(generation?.content ?? '')).map(({ subject }) => subject);

describe('generations of a CA that is as it should be', () => {
  it('trust both, then the new one alone, each with a marker', async () => {
    const { context, recorded } = worldOf({ pulled: (await mint(NOW)).pem });
    const built = await buildGenerations(context);
    expect(recorded.slice(1).map(names)).toEqual([
      ['CN=old client CA', 'CN=new client CA'],
      ['CN=new client CA'],
    ]);
    expect(built).toMatchObject({ overlap: { number: 2 }, next: { number: 3 } });
    expect(recorded.slice(1).every(({ marker }) => marker !== null)).toBe(true);
  });

  it('go without a marker where the fleet does', async () => {
    const { context, recorded } = worldOf({ pulled: (await mint(NOW)).pem });
    Object.assign(context.ports.fleets, {
      fleet: async () => ({ ...context.fleet, generationMarker: false }),
    });
    await buildGenerations(context);
    expect(recorded.map(({ marker }) => marker)).toEqual([null, null, null]);
  });

  it('may have the name of the old one, where key identifiers tell them apart', async () => {
    const { context, recorded } = worldOf({ pulled: (await mint(NOW, { name: old.name })).pem });
    await buildGenerations(context);
    expect(recorded.map((one) => names(one).length)).toEqual([1, 2, 1]);
  });

  it('are without every certificate of the old CA, where it was renewed and both are trusted', async () => {
    const renewed = await mint(NOW, { name: old.name, keys: old.keys, notAfter: NOW + 1000 });
    const { context, recorded } = worldOf({ pulled: (await mint(NOW)).pem, today: [renewed.pem, old.pem] });
    await buildGenerations(context);
    expect(names(recorded.at(-1))).toEqual(['CN=new client CA']);
  });

  it('are built beside anchors of others, even where one of those has expired', async () => {
    const other = await mint(NOW, { name: 'CN=partner', notAfter: NOW - 1000 });
    const { context, recorded } = worldOf({ pulled: (await mint(NOW)).pem, today: [other.pem, old.pem] });
    await buildGenerations(context);
    expect(names(recorded.at(-1))).toEqual(['CN=partner', 'CN=new client CA']);
  });
});

describe('generations of several fleets that trust one PKI', () => {
  it('are built for each of them', async () => {
    const other = await mint(NOW, { name: 'CN=partner' });
    const { pem } = await mint(NOW);
    const { context, recorded } = worldOf({ pulled: pem, elsewhere: [other.pem, old.pem] });
    const built = await buildGenerations(context);
    expect(built.otherFleets).toMatchObject([{ fleetId: 'office', next: { id: 'office 3' } }]);
    expect(names(recorded.find(({ id }) => id === 'office 3'))).toEqual(['CN=partner', 'CN=new client CA']);
  });

  it('F22 are recorded for none of them when one may not get them', async () => {
    const stranger = await mint(NOW, { name: 'CN=somebody else' });
    const { context, recorded } = worldOf({ pulled: (await mint(NOW)).pem, elsewhere: [stranger.pem] });
    const problem = await refusalOf(buildGenerations(context));
    expect(problem.message).toContain('fleet office');
    expect(recorded).toHaveLength(2);
  });
});

describe('F22 the PKI gives a new CA that no fleet may get', () => {
  const LEAF_USAGES = KeyUsageFlags.digitalSignature;
  const CASES: readonly [what: string, code: string, names: string, world: () => Promise<World>][] = [
    [
      'a key with a flipped bit',
      'ca.unusable-key',
      'CN=new client CA',
      async () => ({ pulled: withDamagedKey((await mint(NOW)).pem) }),
    ],
    ['an empty text', 'ca.no-certificate', 'issuer new', async () => ({ pulled: '' })],
    ['no PEM', 'ca.no-certificate', 'issuer new', async () => ({ pulled: 'permission denied' })],
    [
      'two certificates',
      'ca.no-certificate',
      'issuer new',
      async () => ({ pulled: old.pem + (await mint(NOW)).pem }),
    ],
    [
      'a leaf',
      'ca.not-a-ca',
      'CN=new client CA',
      async () => ({ pulled: (await mint(NOW, { ca: false })).pem }),
    ],
    [
      'an expired one',
      'ca.expired',
      'CN=new client CA',
      async () => ({ pulled: (await mint(NOW, { notAfter: NOW - 1000 })).pem }),
    ],
    [
      'one of tomorrow',
      'anchor.not-yet-valid',
      'CN=new client CA',
      async () => ({ pulled: (await mint(NOW, { notBefore: NOW + 3_600_000 })).pem }),
    ],
    ['the old one', 'ca.already-trusted', 'CN=old client CA', async () => ({ pulled: old.pem })],
    [
      'the old one, renewed',
      'ca.already-trusted',
      'CN=renewed',
      async () => ({ pulled: (await mint(NOW, { name: 'CN=renewed', keys: old.keys })).pem }),
    ],
    [
      'the name of the old one without key identifiers',
      'anchor.ambiguous-name',
      'CN=old client CA',
      async () => ({ pulled: (await mint(NOW, { name: old.name, keyId: false })).pem }),
    ],
    [
      'the name of the old one in capitals',
      'anchor.ambiguous-name',
      'CN=OLD CLIENT CA',
      async () => ({ pulled: (await mint(NOW, { name: 'CN=OLD CLIENT CA', keyId: false })).pem }),
    ],
    [
      'another one than it created',
      'ca.changed-by-others',
      'CN=new client CA',
      async () => ({ created: (await mint(NOW)).pem, pulled: (await mint(NOW)).pem }),
    ],
    [
      'an intermediate',
      'ca.not-self-signed',
      'CN=new client CA',
      async () => ({ pulled: (await mint(NOW, { by: old })).pem }),
    ],
    [
      'one that only says that it signed itself',
      'ca.not-self-signed',
      'CN=new client CA',
      async () => ({ pulled: (await mint(NOW, { by: old, issuerName: 'CN=new client CA' })).pem }),
    ],
    [
      'one that may sign no certificates',
      'anchor.no-key-cert-sign',
      'CN=new client CA',
      async () => ({ pulled: (await mint(NOW, { usages: LEAF_USAGES })).pem }),
    ],
    [
      'one for servers',
      'anchor.no-client-auth',
      'CN=new client CA',
      async () => ({ pulled: (await mint(NOW, { extendedUsage: SERVER_AUTH })).pem }),
    ],
  ];

  it.each(CASES)('F22 %s: %s', async (_, code, named, make) => {
    const { context, recorded } = worldOf(await make());
    const { nextStep, ...problem } = await refusalOf(buildGenerations(context));
    expect(problem.code).toBe(code);
    expect(problem.message).toContain(named);
    expect(nextStep).toMatch(/^[A-Z].*\.$/);
    expect(recorded).toHaveLength(1);
  });

  it.each([
    ['an empty text', 'ca.no-certificate', async () => ''],
    ['a leaf', 'ca.not-a-ca', async () => (await mint(NOW, { ca: false })).pem],
  ])('F22 %s: %s, as soon as it is created', async (_, code, make) => {
    const { context } = worldOf({ pulled: await make() });
    expect(await refusalOf(prepare(context))).toMatchObject({ code });
  });

  it('F22 none any more', async () => {
    const { context } = worldOf({ pulled: old.pem });
    context.ports.ca.survey = async () => ({ issuers: [issuer('old', old.pem)] }) as never;
    expect(await refusalOf(buildGenerations(context))).toMatchObject({ code: 'ca.unknown-issuer' });
  });

  it('records what it created, so that a change is seen', async () => {
    const { pem } = await mint(NOW);
    const prepared = await prepare(worldOf({ pulled: pem }).context);
    expect(prepared).toMatchObject({ issuerId: 'new', fingerprint: fingerprintOf(pem) });
  });
});

describe('F22 the fleet of today does not fit to the PKI', () => {
  it('F22 the default issuer is not in the bundle', async () => {
    const stranger = await mint(NOW, { name: 'CN=somebody else' });
    const { context, recorded } = worldOf({ pulled: (await mint(NOW)).pem, today: [stranger.pem] });
    expect(await refusalOf(buildGenerations(context))).toMatchObject({ code: 'ca.not-in-bundle' });
    expect(recorded).toHaveLength(1);
  });

  it('F22 another anchor would lose its root with the old CA', async () => {
    const below = await mint(NOW, { name: 'CN=below the old CA', by: old });
    const { context, recorded } = worldOf({ pulled: (await mint(NOW)).pem, today: [old.pem, below.pem] });
    const problem = await refusalOf(buildGenerations(context));
    expect(problem.code).toBe('anchor.no-root');
    expect(problem.message).toMatch(
      /^The new-only bundle of fleet edge would refuse clients: .*CN=below the old CA/,
    );
    expect(recorded).toHaveLength(1);
  });
});

/** Still a certificate to whoever reads it, and its point is not on the curve any more. */
function withDamagedKey(pem: string): string {
  const { publicKey, raw } = new X509Certificate(pem);
  const key = publicKey.export({ type: 'spki', format: 'der' });
  const der = Buffer.from(raw);
  const at = der.indexOf(key) + key.length - 1;
  der[at] = (der[at] ?? 0) ^ 1;
  const lines = der.toString('base64').replace(/.{64}/g, '$&\n');
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
}
