import {
  type Action,
  chunks,
  type Effect,
  EVENT_VERSION,
  plan,
  type ReducibleEntry,
  type RotationEventBody,
  type RotationSnapshot,
  type RotationState,
  reduceAll,
  type Scope,
  scopeOf,
} from '#rotation';

const CANARY = 10;
const WAVE = 330;
const BEGAN = Date.parse('2026-11-29T22:00:00Z');
/** Entries of all hosts come so fast that a big journal is one of minutes, as a real one is, and no vote runs out. */
const A_STEP_OF_ALL_MS = 20_000;
const MOST_ROUNDS = 500;

const FLEET = idOf('1', 0);

/** The journal of a whole rotation of so many hosts, every entry of which is legal; with what real hosts report. */
export function bigRotation(
  rotationId: string,
  hosts: number,
  fleetId: string = FLEET,
): readonly ReducibleEntry[] {
  const journal = new GrowingJournal(snapshotOf(rotationId, fleetId, hosts));
  for (let round = 0; round < MOST_ROUNDS && !journal.state.ended; round += 1) journal.next();
  if (journal.state.ended?.status !== 'succeeded')
    throw new Error(`it came no further than ${journal.state.phase}`);
  return journal.entries;
}

/** Does at once all that can be done next, as a worker with a thread for every host would. */
class GrowingJournal {
  readonly entries: ReducibleEntry[] = [];
  state: RotationState;
  private now = BEGAN;
  private readonly tickMs: number;

  constructor(snapshot: RotationSnapshot) {
    this.tickMs = A_STEP_OF_ALL_MS / Object.keys(snapshot.hostNames).length;
    const scopes: Scope[] = ['coordinator', ...snapshot.waves.map((_, batch): Scope => `batch/${batch}`)];
    this.state = this.append(null, [
      { type: 'rotation.requested', snapshot },
      ...scopes.map(
        (scope, index) => ({ type: 'term.taken', scope, term: index + 1, holder: 'w1' }) as const,
      ),
    ]);
  }

  next(): void {
    const actions = plan(this.state, this.now);
    const bodies = actions.flatMap((action) => this.bodiesOf(action));
    const waits = actions.flatMap((action) => (action.kind === 'wait' ? [action.until] : []));
    if (bodies.length === 0) this.now = Math.min(...waits);
    this.state = this.append(this.state, bodies);
  }

  private append(state: RotationState | null, bodies: readonly RotationEventBody[]): RotationState {
    const fresh = bodies.map((body, index) => {
      this.now += this.tickMs;
      const event = { ...body, v: EVENT_VERSION };
      return { sequence: this.entries.length + index + 1, at: new Date(this.now).toISOString(), event };
    });
    this.entries.push(...fresh);
    const next = reduceAll(state, fresh);
    if (next === null) throw new Error('nothing was asked for');
    return next;
  }

  private bodiesOf(action: Action): RotationEventBody[] {
    switch (action.kind) {
      case 'decide':
        return [{ type: 'decision.made', decision: action.decision, because: action.because }];
      case 'end':
        return [{ type: 'rotation.ended', status: action.status, because: action.because }];
      case 'perform': {
        const { effect } = action;
        const term = this.state.terms.get(scopeOf(this.state.snapshot, effect)) ?? 0;
        const result: Readonly<Record<string, unknown>> = { ...reports(effect) };
        return [
          { type: 'effect.intended', effect, term },
          { type: 'effect.succeeded', effectId: effect.id, result, term },
        ];
      }
      default:
        return [];
    }
  }
}

/** An id as the API has them: of what `kind` says in one hexadecimal digit. */
function idOf(kind: string, place: number): string {
  return `00000000-0000-4000-800${kind}-${String(place).padStart(12, '0')}`;
}

function snapshotOf(rotationId: string, fleetId: string, hosts: number): RotationSnapshot {
  const ids = Array.from({ length: hosts }, (_, index) => idOf('2', index));
  const names = ids.map((id, index) => [id, `edge-${String(index).padStart(4, '0')}`] as const);
  const waves = [ids.slice(0, CANARY), ...chunks(ids.slice(CANARY), WAVE)].filter(({ length }) => length > 0);
  return {
    ...{
      rotationId,
      fleetId,
      fleetName: 'edge',
      strategy: 'overlap',
      installation: 'i1',
      epoch: 1,
    },
    ...{ waves, batchSize: WAVE, hostNames: Object.fromEntries(names), otherFleets: [] },
    timing: { voteMs: 60_000, deadlineMs: 300_000, marginMs: 5_000 },
    ...{ soakSeconds: 60, caTtlSeconds: 86_400, requestedBy: 'api-key:1 (bench)', reason: 'to measure' },
    old: generation(1),
  };
}

function reports({ id, kind }: Effect): object {
  const digest = (name: string) => ({ digest: name.repeat(64).slice(0, 64) });
  const host = Number(id.split('-').at(-1));
  switch (kind) {
    case 'ca.survey':
      return { product: 'Vault 1.15.6', defaultIssuerId: 'old-issuer', defaultFollowsLatest: false };
    case 'ca.prepare':
      return {
        issuerId: 'new',
        issuerName: 'windlass-2',
        subject: 'CN=new',
        notAfter: '2030-01-01T00:00:00.000Z',
      };
    case 'generations.build':
      return {
        overlap: generation(2),
        next: generation(3),
        trustDiff: '+1 -1 anchors: added CN=new; removed CN=old',
      };
    case 'samples.verify':
      return { accepted: [], refusedAfterContract: [] };
    case 'host.inspect':
      return { ...digest('1'), workers: [101, 102], listeners: [], configDigest: 'c'.repeat(64) };
    case 'host.canary':
      return { probes: probes(host, ['a client of the new CA accepted']) };
    case 'host.prove':
      return id.startsWith('contract')
        ? { ...digest('3'), probes: probes(host, ['a client of the new CA accepted', ...SHUT_OUT]) }
        : { ...digest('2'), probes: probes(host, ['a client of the old CA accepted']) };
    default:
      return {};
  }
}

const SHUT_OUT = [
  'a client of the old CA refused',
  'a client of the old CA without SNI refused',
  'a client of the old CA with its TLS 1.3 ticket of before the switch refused',
];

function probes(host: number, answers: readonly string[]): string[] {
  const listener = `10.0.${Math.floor(host / 250)}.${host % 250}:443/ (SNI edge.test)`;
  return [
    `${listener}: no certificate and a stranger refused, as they must`,
    ...answers.map((answer) => `${listener}: ${answer}, as it must`),
  ];
}

function generation(number: number) {
  return { id: idOf('3', number), number, digest: `${number}`.repeat(64).slice(0, 64), marker: null };
}
