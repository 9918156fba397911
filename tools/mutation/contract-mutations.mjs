// Mistakes in what lets a contract begin, and in what proves it.

import { conformance, onFaultyFleet, rotation, rows, SIMULATED, unit } from './named-tests.mjs';

const PLAN = 'libs/rotation/src/plan-transition.ts';
const CONDITIONS = 'libs/rotation/src/conditions.ts';
const HOST_EFFECTS = 'libs/engine/src/perform/host-effects.ts';
const NEGATIVE = 'libs/engine/src/perform/negative-proof.ts';
const HOST_SCRIPT = 'libs/host/script/windlass-host.sh';
const GATE = 'libs/rotation/src/usage-gate.ts';

const GATE_ALWAYS_OPEN = {
  file: GATE,
  from: '  return usageVerdict(state)?.open === true;',
  to: '  return true;',
};

export const CONTRACT_MUTATIONS = [
  {
    name: 'drop the old CA without looking whether it issues again',
    edits: [
      {
        file: PLAN,
        from: 'const retired = undecided ? checkRetired(state, now, transition.attempt) : null;',
        to: 'const retired = false ? checkRetired(state, now, transition.attempt) : null;',
      },
    ],
    test: rotation('before-contract'),
    expect: /somebody let the old one issue again/,
  },
  {
    name: 'end a contract while old workers serve whoever the old CA let in',
    edits: [{ file: PLAN, from: "  if (draining.kind === 'busy') return draining.actions;\n", to: '' }],
    test: rotation('draining'),
    expect: /are waited for, and shown/,
  },
  {
    name: 'take the silence of a listener for one that asks for no certificate',
    edits: [
      {
        file: 'libs/probe/src/ca-names.ts',
        from: 'reject(noAnswer(target, reason))',
        to: 'resolve(noAnswer(target, reason) && null)',
      },
      {
        file: 'libs/engine/src/perform/prove.ts',
        from: '  if (names === null) throw silent(host, place);',
        to: '  void silent;\n  if (names === null) return;',
      },
    ],
    test: onFaultyFleet('probe-path', 'behind `keep`'),
    expect: /blocked, and Vault stays with the old CA/,
  },
  {
    name: 'prove something on a listener that lets strangers in',
    edits: [
      {
        file: 'libs/engine/src/perform/prove.ts',
        from: "  if (judged.verdict === 'refused') return controls;",
        to: "  if (judged.verdict !== 'unknown' || controls.stranger.kind !== 'no-answer') return controls;",
      },
    ],
    test: onFaultyFleet('preflight', 'F33'),
    expect: /a listener answers 200 to everybody/,
  },
  {
    name: 'switch the CA although a role does not follow',
    edits: [
      {
        file: 'libs/engine/src/perform/ca-effects.ts',
        from: '  // Any client may use any role, and the leaf below comes from one of them.\n  refuseStrayRoles(found, context);\n',
        to: '',
      },
    ],
    test: onFaultyFleet('changed-mount', 'adds a role'),
    expect: /adds a role that is pinned/,
  },
  {
    name: 'drop the old CA while clients need it: seen by the simulator',
    edits: [GATE_ALWAYS_OPEN],
    test: SIMULATED,
    expect: /ends well/,
  },
  {
    name: 'drop the old CA while clients need it: seen by the rules of the journal',
    edits: [GATE_ALWAYS_OPEN],
    test: rotation('usage-gate', 'contracts when the last client is gone'),
    expect: /contracts when the last client is gone/,
  },
  {
    name: 'count an approval of whatever change it was',
    edits: [
      {
        file: 'libs/rotation/src/approval.ts',
        from: '  return state.approval !== null && state.approval.digest === trustDiffDigest(state);',
        to: '  return state.approval !== null;',
      },
    ],
    test: rotation('approval', 'counts an approval no more'),
    expect: /once the change is another one/,
  },
  {
    name: 'distrust: a host that is switched may put the old bundle back by itself',
    edits: [
      {
        file: HOST_SCRIPT,
        from: '  if [ -n "$stays" ]; then disarm; else arm; fi\n',
        to: '  arm\n',
      },
    ],
    test: conformance('host-gateway', 'F47'),
    expect: /never goes back by itself/,
  },
  {
    name: 'distrust: a way back in the table',
    edits: [
      {
        file: CONDITIONS,
        from: "says: 'no anchor is distrusted',\n    holds: (state) => !courseOf(state).oneWay,",
        to: "says: 'no anchor is distrusted',\n    holds: () => true,",
      },
    ],
    test: rotation('strategies', 'has no way back'),
    expect: /has no way back/,
  },
  {
    name: 'distrust: it ends although the CA was never told',
    edits: [
      {
        file: CONDITIONS,
        from: "      (!courseOf(state).oneWay || isDone(state, 'ca.stop-issuing')),",
        to: '      true,',
      },
      {
        file: 'libs/rotation/src/plan-distrust.ts',
        from: "[[fleetEffect('ca.stop-issuing')], ...hosts]",
        to: '[...hosts]',
      },
    ],
    test: rotation('strategies', 'the CA is away'),
    expect: /the CA is away/,
  },
  {
    name: 'save no session before a contract',
    edits: [
      {
        file: HOST_EFFECTS,
        from: 'saveSessions(context, host, shutOut)',
        to: 'saveSessions(context, host, shutOut && null)',
      },
    ],
    test: rows('sessions', 'saved before the switch'),
    expect: /saved before the switch, refused behind it/,
  },
  {
    name: 'save sessions, and come back with none of them',
    edits: [
      {
        file: NEGATIVE,
        from: 'probe.visit(target, old, { kind, session })',
        to: 'probe.visit(target, old, { kind, session: session && null })',
      },
    ],
    test: rows('sessions', 'one host takes them up'),
    expect: /one host takes them up/,
  },
  {
    name: 'come back with a session, and let the answer go by',
    edits: [
      {
        file: NEGATIVE,
        from: '  insistOnRefusal(judged, switched, who, sessionLivesOn);\n',
        to: '  void sessionLivesOn;\n',
      },
    ],
    test: unit('libs/engine/src/perform/negative-proof', 'may not go on'),
    expect: /may not go on with its session/,
  },
  {
    name: 'prove a contract without the other doors of the socket',
    edits: [{ file: NEGATIVE, from: 'leaf ? throughDoors(', to: 'leaf && context === null ? throughDoors(' }],
    test: unit('libs/engine/src/perform/negative-proof', 'without SNI'),
    expect: /may not get in without SNI/,
  },
  {
    name: 'believe that the bundle of a server ends the sessions that its default server keeps',
    edits: [
      {
        file: 'libs/nginx-audit/src/lasting-sessions.ts',
        from: 'const endByNames = asksForManaged(defaultServer, managed);',
        to: 'const endByNames = servers.some((server) => asksForManaged(server, managed));',
      },
    ],
    test: conformance('resumed-sessions', 'behind another CA'),
    expect: /behind another CA/,
  },
];
