// Mistakes in what is decided, and on what: the six of issue 4 at every place that guards against them, then others.

import { conformance, rotation, rows, SIMULATED, unit } from './named-tests.mjs';

const PLAN = 'libs/rotation/src/plan-transition.ts';
const INTENTS = 'libs/rotation/src/intents.ts';
const CONDITIONS = 'libs/rotation/src/conditions.ts';
const APPLY = 'libs/rotation/src/apply.ts';
const HOST_EFFECTS = 'libs/engine/src/perform/host-effects.ts';
const MEMORY = 'libs/simulation/src/memory/append-entries.ts';
const SCRIPTS = 'libs/simulation/src/host-scripts.ts';

const CONFIRM_WITHOUT_KEEP = {
  file: PLAN,
  from: "  return [decideOutcome('keep', transition, 'every host is switched and proven', late)];",
  to: '  return planConfirm(state, now, transition);',
};

const CONFIRM_ALWAYS_LEGAL = {
  file: INTENTS,
  from: "      outcome(state, effect) === 'keep' &&\n      isHostEffect(effect) &&\n      (!course",
  to: '      isHostEffect(effect) &&\n      (!course',
};

export const DECISION_MUTATIONS = [
  {
    name: 'confirm before keep: planned',
    edits: [CONFIRM_WITHOUT_KEEP],
    test: rotation('version-1'),
    expect: /carried on to its end/,
  },
  {
    name: 'confirm before keep: planned, and legal',
    edits: [CONFIRM_WITHOUT_KEEP, CONFIRM_ALWAYS_LEGAL],
    test: SIMULATED,
    expect: /ends well/,
  },
  {
    name: 'confirm before keep: legal',
    edits: [CONFIRM_ALWAYS_LEGAL],
    test: rotation('legality'),
    expect: /a confirm before `keep`/,
  },
  {
    name: 'activate with one timer armed: one host is never confirmed, and nobody looks',
    edits: [
      {
        file: HOST_EFFECTS,
        from: '    return { report: await confirmHost(), reapplied: false };\n',
        to: "    const unseen = { digest: sides.far.digest, armedForMs: null };\n    return { report: host.name === 'host-1' ? unseen : await confirmHost(), reapplied: false };\n",
      },
      {
        file: HOST_EFFECTS,
        from: '  if (report.armedForMs !== null) throw stillArmed(host);\n',
        to: '  void stillArmed;\n',
      },
    ],
    test: SIMULATED,
    expect: /ends well/,
  },
  {
    name: 'activate with one timer armed: the first host need not have confirmed',
    edits: [
      {
        file: CONDITIONS,
        from: "=== 'keep' && onEveryHost(state, 'expand.1/host.confirm');",
        to: "=== 'keep' &&\n      activeHosts(state).slice(1).every((host) => isDone(state, 'expand.1/host.confirm/' + host));",
      },
    ],
    test: SIMULATED,
    expect: /ends well/,
  },
  {
    name: 'end revert early: nobody looks whether the hosts are back',
    edits: [
      { file: PLAN, from: "    onHosts(state, transition, 'host.prove-reverted', hosts),\n", to: '' },
      {
        file: CONDITIONS,
        from: "      onEveryHost(state, 'expand.1/host.prove-reverted') &&\n      isWithdrawn(state),",
        to: "      onEveryHost(state, 'expand.1/host.revert') &&\n      isWithdrawn(state),",
      },
      {
        file: INTENTS,
        from: "        onEveryHost(state, 'expand.1/host.prove-reverted')),",
        to: "        onEveryHost(state, 'expand.1/host.revert')),",
      },
    ],
    test: SIMULATED,
    expect: /ends well/,
  },
  {
    name: 'end revert early: it is planned without a look',
    edits: [{ file: PLAN, from: "    onHosts(state, transition, 'host.prove-reverted', hosts),\n", to: '' }],
    test: rotation('rotation'),
    expect: /reverted and observed back/,
  },
  {
    name: 'decide twice',
    edits: [
      {
        file: APPLY,
        from: '  if (state.decisions.has(key)) throw',
        to: "  if (key === '') throw",
      },
    ],
    test: rotation('legality'),
    expect: /decided twice|behind/,
  },
  {
    name: 'keep behind an abort',
    edits: [
      {
        file: CONDITIONS,
        from: "      state.abort === null && everyGiven(state, 'expand.1') &&",
        to: "      everyGiven(state, 'expand.1') &&",
      },
    ],
    test: rotation('abort'),
    expect: /F26 wins when it came first/,
  },
  {
    name: 'write a decision after the moment until which it was true',
    edits: [
      {
        file: MEMORY,
        from: '  if (notAfter !== null && database.now() > notAfter) throw new AppendTooLate(rotationId);\n',
        to: '',
      },
    ],
    test: conformance('journal', 'memory'),
    expect: /memory/,
  },
  {
    name: 'decide on votes that have expired',
    edits: [
      {
        file: PLAN,
        from: "  const votes = advance(state, now, [stage], 'careful', (record) => now >= standsUntil(record));",
        to: "  const votes = advance(state, now, [stage], 'careful');",
      },
    ],
    test: rotation('deadlines'),
    expect: /votes/,
  },
  {
    name: 'keep when a host may have gone back by itself',
    edits: [{ file: PLAN, from: '  if (now >= late) return fail(', to: '  if (now < 0) return fail(' }],
    test: rotation('deadlines'),
    expect: /nearer than the margin/,
  },
  {
    name: 'count a deadline from the report of the host instead of from its intent',
    edits: [
      {
        file: APPLY,
        from: 'with(effect.hostId, Date.parse(begunAt) + state.snapshot.timing.deadlineMs)',
        to: 'with(effect.hostId, Date.parse(begunAt) + 1_000 + state.snapshot.timing.deadlineMs)',
      },
    ],
    test: rotation('deadlines'),
    expect: /counted from the journal time of the intent/,
  },
  {
    name: 'write over what somebody edited',
    edits: [
      { file: SCRIPTS, from: '    if (host.digest !== digest) throw', to: "    if (digest === '') throw" },
    ],
    test: rows('edited', 'F24'),
    expect: /F24/,
  },
  {
    name: 'pause in the middle of a switch',
    edits: [
      {
        file: 'libs/rotation/src/status.ts',
        from: '  return state.paused !== null && state.abort === null && !isSwitching(state);',
        to: '  return state.paused !== null && state.abort === null;',
      },
    ],
    test: rotation('wishes'),
    expect: /the switch is carried to its end first/,
  },
  {
    name: 'bring a bundle to the hosts that refuses clients',
    edits: [
      {
        file: 'libs/engine/src/perform/generations.ts',
        from: '  if (!finding) return;',
        to: '  if (!finding || fleet) return;',
      },
    ],
    test: unit('libs/engine/src/perform/refused-generations'),
    expect: /F22/,
  },
  {
    name: 'audit without I10',
    edits: [
      {
        file: 'libs/rotation/src/auditor.ts',
        from: "      return fail(left <= 0, 'I10',",
        to: "      return fail(left === Infinity, 'I10',",
      },
    ],
    test: rotation('auditor'),
    expect: /I10/,
  },
  {
    name: 'take no wave but the first for a switch, though its hosts were given up',
    edits: [
      {
        file: 'libs/rotation/src/state.ts',
        from: '  return state.snapshot.waves.some((_, wave) =>',
        to: '  return state.snapshot.waves.slice(0, 1).some((_, wave) =>',
      },
    ],
    test: rotation('canary-given-up'),
    expect: /goes back where its contract fails/,
  },
];
