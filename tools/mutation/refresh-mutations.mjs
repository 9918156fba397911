// Mistakes in how the CRLs of a soak are kept fresh.

import { conformance, rotation } from './named-tests.mjs';

const CONDITIONS = 'libs/rotation/src/conditions.ts';
const INTENTS = 'libs/rotation/src/intents.ts';
const PLAN = 'libs/rotation/src/plan.ts';
const PLAN_REFRESH = 'libs/rotation/src/plan-refresh.ts';
const RENEW = 'libs/engine/src/perform/renew-overlap.ts';

export const REFRESH_MUTATIONS = [
  {
    name: 'let a contract be decided on while CRLs are being exchanged',
    edits: [
      {
        file: CONDITIONS,
        from: '      !isRefreshing(state) &&\n      isGateOpen(state) &&',
        to: '      isGateOpen(state) &&',
      },
    ],
    test: rotation('refresh'),
    expect: /are not decided on together/,
  },
  {
    name: 'let a contract be begun while CRLs are being exchanged',
    edits: [
      {
        file: INTENTS,
        from: '      !isRefreshing(state) &&\n      !state.decisions.has(tryOf(effect)),',
        to: '      !state.decisions.has(tryOf(effect)),',
      },
    ],
    test: rotation('refresh'),
    expect: /are never begun together/,
  },
  {
    name: 'let the CRLs end in a pause',
    edits: [
      {
        file: PLAN,
        from: '  if (isHeld(state)) return keepCrls(state, now).actions;',
        to: '  if (isHeld(state)) return [];',
      },
    ],
    test: rotation('refresh'),
    expect: /holds the rotation and not its CRLs/,
  },
  {
    name: 'go on with a contract that was made ready before the CRLs were exchanged',
    edits: [
      {
        file: 'libs/rotation/src/apply.ts',
        from: '    return { ...attempt, contract: attempt.contract + 1 };\n',
        to: '    return attempt;\n',
      },
    ],
    test: rotation('refresh'),
    expect: /lets it begin anew with the CRLs of then/,
  },
  {
    name: 'take the overlap that was built for the one that the fleet has',
    edits: [
      {
        file: 'libs/rotation/src/fleets.ts',
        from: '  const { overlap } = keptOverlaps(state, fleetId)[0] ?? built;',
        to: '  const { overlap } = built;',
      },
    ],
    test: rotation('refresh'),
    expect: /are brought to every host by one decision/,
  },
  {
    name: 'look at the CRLs no more once that failed',
    edits: [
      {
        file: PLAN_REFRESH,
        from: "look.status === 'failed' ? TRY_AGAIN_MS",
        to: "look.status === 'failed' ? Number.POSITIVE_INFINITY",
      },
    ],
    test: rotation('refresh'),
    expect: /for want of a CRL says so, and looks again/,
  },
  {
    name: 'let the CA of one fleet hold up the CRLs of another one',
    edits: [
      {
        file: RENEW,
        from: '  if (due.length === 0 && failure) throw failure;',
        to: '  if (failure) throw failure;',
      },
    ],
    test: conformance('overlap-renewal'),
    expect: /does not wait for the CA of another one/,
  },
  {
    name: 'promise a client that was revoked in the soak that it gets in',
    edits: [
      {
        file: 'libs/engine/src/perform/expectations.ts',
        from: "  const renewed = side === 'far' && transition === 'refresh' ? renewedNow(state, fleet.id) : null;",
        to: '  const renewed = false ? renewedNow(state, fleet.id) : null;',
      },
    ],
    test: conformance('overlap-renewal'),
    expect: /must be refused from the refresh on/,
  },
];
