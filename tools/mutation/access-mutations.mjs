// Mistakes in who may do what.

import { conformance, fleet, rotation, unit } from './named-tests.mjs';

const SCOPE = 'apps/api/src/access/fleet-scope.ts';
const TOKENS = 'apps/api/src/access/oidc-tokens.ts';

export const ACCESS_MUTATIONS = [
  {
    name: 'let an admin use a route that does not say who may',
    edits: [
      {
        file: 'apps/api/src/access/access.guard.ts',
        from: '    if (rule === undefined) throw undeclared();',
        to: "    if (rule === undefined) return caller.roles.includes('admin');",
      },
    ],
    test: unit('apps/api/src/access/access.guard', 'lets nobody in'),
    expect: /where nothing says who may/,
  },
  {
    name: 'show a rotation to whoever has one of its fleets',
    edits: [{ file: SCOPE, from: 'if (!moved.every((id) =>', to: 'if (!moved.some((id) =>' }],
    test: fleet('e2e/key-bounds', 'is moved by those'),
    expect: /who alone see the rotation/,
  },
  {
    name: 'let a confined key distrust a CA that other fleets need',
    edits: [{ file: SCOPE, from: "['overlap', 'distrust']", to: "['overlap']" }],
    test: fleet('e2e/key-bounds', 'is kept from issuing'),
    expect: /by those alone/,
  },
  {
    name: 'take a key that has expired',
    edits: [
      {
        file: 'apps/api/src/access/identify.ts',
        from: '  if (found?.expired) throw expiredKey();\n',
        to: '',
      },
    ],
    test: fleet('e2e/key-bounds', 'is good before'),
    expect: /is told to be over afterwards/,
  },
  {
    name: 'name two subjects as one actor',
    edits: [
      {
        file: 'apps/api/src/access/oidc-claims.ts',
        from: 'encodeURIComponent(subject)',
        to: 'subject',
      },
    ],
    test: unit('apps/api/src/access/oidc-claims', 'of subjects that look alike'),
    expect: /an actor has no space/,
  },
  {
    name: 'take a token for anybody',
    edits: [{ file: TOKENS, from: '...{ issuer, audience, algorithms', to: '...{ issuer, algorithms' }],
    test: fleet('e2e/oidc', 'for others'),
    expect: /opens nothing/,
  },
  {
    name: 'let people approve what they asked for by another name',
    edits: [
      {
        file: 'libs/rotation/src/apply.ts',
        from: '  if (actorId(by) === actorId(state.snapshot.requestedBy)) {',
        to: '  if (by === state.snapshot.requestedBy) {',
      },
    ],
    test: rotation('approval', 'takes no approval of the one who asked'),
    expect: /of the one who asked/,
  },
  {
    name: 'give keys with bounds no bounds on the way back',
    edits: [
      {
        file: 'migrations/1795824000014-key-bounds.ts',
        from: 'num_nonnulls(fleet_ids, expires_at) > 0',
        to: 'num_nonnulls(fleet_ids, expires_at) > 1',
      },
    ],
    test: conformance('migrations', 'revokes them'),
    expect: /nothing would hold them to their bounds/,
  },
];
