import { beforeAll, describe, expect, it } from 'vitest';
import { composeGeneration, parseBundle } from '#trust';
import type { Generation, HostRecord } from '../ports/fleet-store.js';
import type { Coming, ProbeAnswer, ProbeIdentity, ProbeTarget, Visit } from '../ports/probe.js';
import { PortError } from '../ports/problem.js';
import { Secret } from '../ports/secret.js';
import type { EffectContext } from './context.js';
import { mint } from './minted-ca.fixture.js';
import { proveRefused } from './negative-proof.js';
import { saveSessions } from './save-sessions.js';
import { SavedSessions } from './saved-sessions.js';
import type { ShutOut } from './shut-out.js';

const NOW = Date.parse('2026-11-29T00:00:00Z');
const http = (status: number): ProbeAnswer => ({ kind: 'http', status, tls: 'TLSv1.3' });
const [IN, OUT, AWAY] = [http(200), http(400), http(421)];
const TARGET = { address: '10.0.0.7', port: 443, serverName: 'edge.test', path: '/' };
const HOST = {
  id: 'a',
  name: 'edge-1',
  address: '10.0.0.7',
  probeTargets: [TARGET],
} as unknown as HostRecord;
const nobody = (pem: string): ProbeIdentity => ({
  ...{ certificatePem: pem, chainPem: '', privateKey: new Secret('') },
});

let old: ProbeIdentity;
let shutOut: ShutOut;
let far: Generation;

beforeAll(async () => {
  const [oldCa, newCa] = [await mint(NOW, { name: 'CN=old' }), await mint(NOW, { name: 'CN=new' })];
  const { pem } = await mint(NOW, { name: 'CN=a client', ca: false });
  old = nobody(pem);
  const generation = (anchorsPem: string[]) =>
    ({ ...composeGeneration({ anchorsPem, markerPem: null }), marker: 'a marker' }) as unknown as Generation;
  far = generation([newCa.pem]);
  const dropped = parseBundle(oldCa.pem).certificates;
  shutOut = { who: 'a client of the old CA', leaf: { ...old, issuerPem: oldCa.pem }, dropped };
});

/** How the listener answers behind the switch; as it must where nothing is said. */
interface World {
  readonly ask?: (target: ProbeTarget, identity: ProbeIdentity | null) => ProbeAnswer;
  readonly visit?: (target: ProbeTarget, coming: Coming) => Visit;
  /** Whether sessions were saved, by a process that is still there. */
  readonly saved?: boolean;
}

const resumable = (_: ProbeTarget, { session }: Coming): Visit => ({
  ...{ answer: IN, resumed: session !== null, session: new Secret('a session') },
});
const ended = (): Visit => ({ answer: OUT, resumed: false, session: new Secret('another') });

async function proof({ ask = () => OUT, visit = ended, saved = true }: World, before = resumable) {
  let now = before as NonNullable<World['visit']>;
  const context = {
    ports: {
      clock: { now: () => NOW },
      probe: {
        ask: async (target: ProbeTarget, identity: ProbeIdentity | null) => ask(target, identity),
        visit: async (target: ProbeTarget, _: ProbeIdentity, coming: Coming) => now(target, coming),
      },
    },
    stranger: nobody('a stranger'),
    impostor: async () => nobody('an impostor'),
    sessions: new SavedSessions(),
    state: {
      snapshot: { rotationId: 'r1' },
      effects: new Map([
        [
          'expand.1/host.inspect/a',
          { result: { neighbours: [{ ...TARGET, serverName: 'other.test' }], listeners: [] } },
        ],
      ]),
    },
  } as unknown as EffectContext;
  if (saved) await saveSessions(context, HOST, shutOut);
  now = visit;
  const controls = { noCertificate: OUT, stranger: OUT };
  return proveRefused(context, { host: HOST, target: TARGET, controls, far, shutOut });
}

async function problemOf(world: World) {
  const error: unknown = await proof(world).catch((thrown: unknown) => thrown);
  if (error instanceof PortError) return { ...error.problem, transient: error.transient };
  throw new Error('a PortError was expected');
}

describe('a client of a CA that was dropped', () => {
  it('is refused in every way, and each is told', async () => {
    const lines = await proof({});
    const says = (what: string) => lines.filter((line) => line.includes(what));
    expect(says('without SNI refused, as it must')).toHaveLength(1);
    expect(says('behind SNI other.test refused, as it must')).toHaveLength(1);
    // Three kinds of session, of the server itself, of the default one and of the one beside it.
    expect(says('of before the switch refused, as it must: the session was not taken up')).toHaveLength(9);
    expect(says('a client of a rogue CA that is called CN=old refused, as it must')).toHaveLength(1);
    expect(lines.every((line) => line.startsWith('10.0.0.7:443/ (SNI edge.test): '))).toBe(true);
  });

  it('may not go on with its session', async () => {
    expect(await problemOf({ visit: resumable })).toMatchObject({
      code: 'probe.session-lives-on',
      message: expect.stringContaining('edge-1: 10.0.0.7:443/ (SNI edge.test) must have refused'),
      transient: false,
    });
  });

  it('may not get in behind a session that is not taken up: the answer counts, and nothing else', async () => {
    const visit = () => ({ answer: IN, resumed: false, session: null });
    expect(await problemOf({ visit })).toMatchObject({ code: 'probe.session-lives-on' });
  });

  it('is sent away where its session is that of another name', async () => {
    const lines = await proof({ visit: () => ({ answer: AWAY, resumed: true, session: null }) });
    expect(lines.join('\n')).toContain('sent away (HTTP 421), as it must');
  });

  it('may not get in without SNI', async () => {
    const ask = ({ serverName }: ProbeTarget, who: ProbeIdentity | null) =>
      serverName === null && who === shutOut.leaf ? IN : OUT;
    expect(await problemOf({ ask })).toMatchObject({
      code: 'probe.wrong-verdict',
      message: expect.stringContaining('a client of the old CA without SNI'),
    });
  });

  it('may not get in through another server, asked for by Host', async () => {
    const asked: string[] = [];
    const ask = ({ serverName, host }: ProbeTarget, who: ProbeIdentity | null) => {
      asked.push(`${serverName} ${host}`);
      return serverName === 'other.test' && who === shutOut.leaf ? IN : OUT;
    };
    expect(await problemOf({ ask })).toMatchObject({ code: 'probe.wrong-verdict' });
    expect(asked).toContain('other.test edge.test');
  });

  it('is no better off than a stranger where nobody is asked for a certificate', async () => {
    const ask = ({ serverName }: ProbeTarget) => (serverName === 'other.test' ? AWAY : OUT);
    const lines = await proof({ ask });
    expect(lines.join('\n')).toContain('behind SNI other.test gets what a stranger gets, HTTP 421');
  });

  it('is not proven to be out where it gets what somebody without a certificate gets, and a stranger does not', async () => {
    const ask = ({ serverName }: ProbeTarget, who: ProbeIdentity | null) =>
      serverName === null && who?.certificatePem !== 'a stranger' ? IN : OUT;
    expect(await problemOf({ ask })).toMatchObject({ code: 'probe.unknown', transient: true });
  });

  it.each([
    ['none is given', () => ({ answer: IN, resumed: false, session: null })],
    ['it is not taken up here', () => ({ answer: IN, resumed: false, session: new Secret('x') })],
    [
      'no answer: ECONNRESET',
      () => ({ answer: { kind: 'no-answer', reason: 'ECONNRESET' } as const, resumed: false, session: null }),
    ],
  ])('had nothing to come back with: %s', async (why, before) => {
    const lines = await proof({}, before);
    expect(lines.join('\n')).toContain(
      `no TLS 1.3 ticket (${why}) before the switch, so there is none to refuse`,
    );
  });

  it('was refused with it before the switch already: that shows nothing', async () => {
    const lines = await proof({}, (_, { session }) => ({ ...ended(), resumed: session !== null }));
    expect(lines.join('\n')).toContain('was refused before the switch already');
  });

  it('cannot be asked with sessions that went with their worker, and that is said', async () => {
    const lines = await proof({ saved: false });
    expect(lines.filter((line) => line.includes('went with the worker that held them'))).toHaveLength(1);
  });
});

describe('a rogue CA that has but the name', () => {
  it('opens nothing', async () => {
    const ask = (_: ProbeTarget, who: ProbeIdentity | null) =>
      who?.certificatePem === 'an impostor' ? IN : OUT;
    expect(await problemOf({ ask })).toMatchObject({
      code: 'probe.wrong-verdict',
      message: expect.stringContaining('a client of a rogue CA that is called CN=old'),
    });
  });
});
