import { describe, expect, it } from 'vitest';
import { scopeOf } from './batches.js';
import { stateDiagram, transitionTable } from './diagram.js';
import type { Effect } from './effects.js';
import {
  PHASES,
  plan,
  type RotationEventBody,
  type RotationState,
  SIGNALS,
  type Signal,
  signalOf,
} from './index.js';
import { approval, LIVES as OTHER_LIVES, REASON, statesOf, withEvent } from './lives.fixture.js';
import { refreshTry } from './refresh.js';
import { REFRESH_LIVES } from './refreshes.fixture.js';
import { newestTerm } from './state.js';
import type { TransitionName } from './vocabulary.js';

const LIVES = [...OTHER_LIVES, ...REFRESH_LIVES];

/** Events of the signal that fit the state as far as names and numbers go: legality is all that is in question. */
function eventsOf(signal: Signal, state: RotationState): RotationEventBody[] {
  const running = [...state.effects.values()].find(({ status }) => status === 'running')?.effect.id ?? 'none';
  const attempts = { expand: 1, refresh: refreshTry(state), contract: state.attempt.contract };
  const [kind, transition] = signal.split(' ') as [string, TransitionName];
  const decide = (decision: Extract<RotationEventBody, { type: 'decision.made' }>['decision']) => [
    { type: 'decision.made' as const, decision, because: '' },
  ];
  switch (signal) {
    case 'term.taken':
      return [{ type: signal, scope: 'coordinator', term: newestTerm(state) + 1, holder: 'w' }];
    case 'effect.intended':
      return plan(state, Number.MAX_SAFE_INTEGER).flatMap((action) =>
        action.kind === 'perform' ? [intended(state, action.effect)] : [],
      );
    case 'effect.succeeded':
      return [{ type: signal, effectId: running, result: {}, term: null }];
    case 'effect.failed':
      return [{ type: signal, effectId: running, reason: REASON, transient: false, term: null }];
    case 'deadlines.renewed':
      return [
        {
          type: signal,
          hostIds: [...state.armed.keys()].slice(0, 1),
          until: state.updatedAt,
          term: state.terms.get('batch/0') ?? 0,
        },
      ];
    case 'retry.requested':
      return [{ type: signal, by: 'p' }];
    case 'host.decommissioned':
      return ['a', 'b', 'c'].map((hostId) => ({ type: signal, hostId, by: 'p', because: '' }));
    case 'activate':
      return decide({ kind: 'activate', attempt: state.attempt.activate });
    case 'contract':
      return decide({ kind: 'contract', attempt: state.attempt.contract });
    case 'rotation.paused':
      return [{ type: signal, by: 'p', reason: REASON }];
    case 'rotation.resumed':
      return [{ type: signal, by: 'p' }];
    case 'abort.requested':
    case 'gate.overridden':
      return [{ type: signal, by: 'p', because: '' }];
    case 'contract.approved':
      return [approval(state, 'p')];
  }
  if (kind === 'ended') {
    const status = signal.slice('ended '.length) as 'succeeded';
    return [{ type: 'rotation.ended', status, because: '' }];
  }
  if (kind === 'keep' || kind === 'revert')
    return decide({ kind, transition, attempt: attempts[transition] });
  return state.snapshot.waves.flatMap((_, wave) =>
    decide({ kind: 'go', transition, attempt: attempts[transition], wave }),
  );
}

function intended(state: RotationState, effect: Effect): RotationEventBody {
  const term = state.terms.get(scopeOf(state.snapshot, effect)) ?? null;
  return { type: 'effect.intended', effect, term };
}

function isLegal(state: RotationState, event: RotationEventBody): boolean {
  return withEvent(state, event) !== null;
}

const STATES = LIVES.flatMap((live) => statesOf(live()));
const COLUMNS = [...PHASES, 'paused'] as const;

function cell(signal: Signal, column: (typeof COLUMNS)[number]): string {
  const states = STATES.filter(({ phase, paused }) =>
    column === 'paused' ? paused !== null : phase === column && paused === null,
  );
  const verdicts = states.map((state) => eventsOf(signal, state).some((event) => isLegal(state, event)));
  if (verdicts.every((legal) => legal)) return 'always';
  return verdicts.some((legal) => legal) ? 'in some' : '';
}

function matrix(): string {
  return [
    `| event | ${COLUMNS.join(' | ')} |`,
    `|---|${COLUMNS.map(() => '---|').join('')}`,
    ...SIGNALS.map(
      (signal) => `| ${signal} | ${COLUMNS.map((column) => cell(signal, column)).join(' | ')} |`,
    ),
  ].join('\n');
}

const page = () => `# The life of a rotation

Made from the tables in \`libs/rotation\` and checked in CI; \`npx vitest run -u --project unit libs/rotation\` writes it anew.

\`\`\`mermaid
${stateDiagram()}
\`\`\`

## Transitions
${transitionTable()}

## Which event is legal when
Every state that the lives of a rotation pass through in the tests (one for each way to fail and to end), against every event: legal always, in some states of the phase, or never. An illegal event is refused by \`reduce\` before it can be journalled.

${matrix()}
`;

describe('every state against every event', () => {
  it('is as docs/rotation.md shows', async () => {
    await expect(page()).toMatchFileSnapshot('../../../docs/rotation.md');
  });

  it('never plans what the table forbids', () => {
    for (const state of STATES) {
      for (const action of plan(state, Date.parse(state.updatedAt))) {
        if (action.kind !== 'wait') expect(planned(state, action), JSON.stringify(action)).toBe(true);
      }
    }
  });

  it('passes through every phase, and journals every signal but those of an abort and of time that passes', () => {
    expect(new Set(STATES.map(({ phase }) => phase))).toEqual(new Set(PHASES));
    const seen = new Set(
      LIVES.flatMap((live) => {
        const life = live();
        statesOf(life);
        return life.entries.flatMap(({ event }) =>
          event.type === 'rotation.requested' ? [] : [signalOf(event)],
        );
      }),
    );
    expect(SIGNALS.filter((signal) => !seen.has(signal))).toEqual([
      'deadlines.renewed',
      'abort.requested',
      'ended cancelled',
    ]);
  });
});

function planned(state: RotationState, action: ReturnType<typeof plan>[number]): boolean {
  switch (action.kind) {
    case 'perform':
      return isLegal(state, intended(state, action.effect));
    case 'decide':
      return isLegal(state, { type: 'decision.made', decision: action.decision, because: action.because });
    case 'pause':
      return isLegal(state, { type: 'rotation.paused', by: 'windlass', reason: action.reason });
    case 'end':
      return isLegal(state, { type: 'rotation.ended', status: action.status, because: action.because });
    default:
      return true;
  }
}
