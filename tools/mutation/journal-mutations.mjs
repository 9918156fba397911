// Mistakes in the journal, and in what begins, ends or takes over a rotation.

import { conformance, fleet, rotation, rows, SIMULATED, unit } from './named-tests.mjs';

const APPLY = 'libs/rotation/src/apply.ts';
const MEMORY = 'libs/simulation/src/memory/append-entries.ts';
const POSTGRES = 'libs/persistence/src/journal-append.ts';
const SCRIPTS = 'libs/simulation/src/host-scripts.ts';

const FOLDS = unit('libs/engine/src/runner/rotation-folds');

export const JOURNAL_MUTATIONS = [
  {
    name: 'skip a compare-and-set: the journal in memory takes what was decided on an older state',
    edits: [
      {
        file: MEMORY,
        from: '  if (rotation.entries.length !== expectedSequence) throw new JournalConflict(rotationId);\n',
        to: '',
      },
    ],
    test: SIMULATED,
    expect: /ends well/,
  },
  {
    name: 'skip a compare-and-set: the journal in PostgreSQL takes what was decided on an older state',
    edits: [
      {
        file: POSTGRES,
        from: '  if (rotation.version !== expectedSequence) return landedBefore(session, append);\n',
        to: '  void landedBefore;\n',
      },
    ],
    test: conformance('journal', 'PostgreSQL'),
    expect: /PostgreSQL/,
  },
  {
    name: 'begin a rotation in PostgreSQL with a generation that went before its locks were taken',
    edits: [
      {
        file: 'libs/persistence/src/rotation-creation.ts',
        from: '  await requireCurrent(session, requested.snapshot);\n',
        to: '  void requireCurrent;\n',
      },
    ],
    test: conformance('rotation-start', 'PostgreSQL'),
    expect: /PostgreSQL/,
  },
  {
    name: 'begin a rotation in memory with a generation that went before its locks were taken',
    edits: [
      {
        file: 'libs/simulation/src/memory/memory-rotation-store.ts',
        from: '    this.requireCurrent(requested.snapshot);\n',
        to: '    void this.requireCurrent;\n',
      },
    ],
    test: conformance('rotation-start', 'memory'),
    expect: /memory/,
  },
  {
    name: 'change who signs new CAs while a rotation begins',
    edits: [
      {
        file: 'libs/persistence/src/rotation-creation.ts',
        from: '  await holdWays(session, [fleetId, ...otherFleetIds]);\n',
        to: '  void holdWays;\n',
      },
    ],
    test: fleet('e2e/issuing-ca-ways', 'it waits'),
    expect: /asked for meanwhile: it waits/,
  },
  {
    name: 'look for a rotation that begins before it can be seen, and change who signs new CAs behind it',
    edits: [
      {
        file: 'libs/persistence/src/issuing-ca-ways.ts',
        from: "    lock: { mode: 'for_no_key_update' },\n",
        to: '',
      },
    ],
    test: fleet('e2e/issuing-ca-ways', 'wait for a rotation'),
    expect: /wait for a rotation that begins/,
  },
  {
    name: 'write an effect before its intent',
    edits: [
      {
        file: 'libs/engine/src/runner/drive.ts',
        from: '    const { term } = this.keeper.lease;\n    try {\n      await this.follower.append(',
        to: '    const { term } = this.keeper.lease;\n    await Promise.all(effects.map((effect) => this.outcome(effect, state)));\n    try {\n      await this.follower.append(',
      },
    ],
    test: SIMULATED,
    expect: /ends well/,
  },
  {
    name: 'ignore the term: the journal takes what was written under a lease that has passed',
    edits: [
      {
        file: MEMORY,
        from: '  if (lease !== null && !isNewest(database, rotation, lease)) throw new LeaseLost(lease);\n',
        to: '',
      },
    ],
    test: conformance('journal.leases', 'memory'),
    expect: /memory/,
  },
  {
    name: 'ignore the term: a host acts on a message that was delayed on the way',
    edits: [
      {
        file: SCRIPTS,
        from: '    if (compare(token, seen) <= 0) throw',
        to: '    if (compare(token, seen) < -Infinity) throw',
      },
    ],
    test: rows('scripts', 'F37'),
    expect: /F37/,
  },
  {
    name: 'ignore the term: an effect is begun and reported under a lease that has passed',
    edits: [
      {
        file: APPLY,
        from: '  if (term === null || newest === term) return;',
        to: '  if (newest !== -1) return;',
      },
    ],
    test: rotation('legality'),
    expect: /I9/,
  },
  {
    name: 'follow a database that was restored onto what a worker had read of it before',
    edits: [
      {
        file: 'libs/engine/src/runner/rotation-fold.ts',
        from: 'if (last !== null && !isSameEntry(entries[0], last)) {',
        to: 'if (last !== null && !isSameEntry(last, last)) {',
      },
    ],
    test: FOLDS,
    expect: /a database that was restored/,
  },
  {
    name: 'write what was decided on a state that another scope of the same worker has changed since',
    edits: [
      {
        file: 'libs/engine/src/runner/follower.ts',
        from: '    return now === state || (hold(now) && this.isLegal(bodies));',
        to: '    return now === state || hold === null || this.isLegal(bodies);',
      },
    ],
    test: FOLDS,
    expect: /does not write what was decided/,
  },
  {
    name: 'worker: each who asks gets a look at the rotation of its own',
    edits: [
      {
        file: 'libs/engine/src/runner/rotation-fold.ts',
        from: 'this.looking ??= this.looked.then(() => this.nextLook());',
        to: 'this.looking ??= this.nextLook();',
      },
    ],
    test: unit('libs/engine/src/runner/rotation-folds', 'share the next one'),
    expect: /share the next one/,
  },
  {
    name: 'worker: hosts of a wave do not wait for each other',
    edits: [
      {
        file: 'libs/engine/src/runner/starting-line.ts',
        from: 'if (this.coming === 0) this.go();',
        to: 'this.go();',
      },
    ],
    test: unit('libs/engine/src/runner/starting-line'),
    expect: /begin together/,
  },
  {
    name: 'drained: a reload that left workers is taken for one that left none',
    edits: [
      {
        file: 'libs/engine/src/perform/drained.ts',
        from: 'const none = Array.isArray(draining) && draining.length === 0;',
        to: 'const none = Array.isArray(draining);',
      },
    ],
    test: unit('libs/engine/src/perform/drained'),
    expect: /whose reload left one/,
  },
];
