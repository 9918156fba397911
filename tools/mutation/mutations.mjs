// Mistakes that somebody could make, each with the test that must not let it pass. `from` occurs once in its file.

import { AUDIT_MUTATIONS } from './audit-mutations.mjs';
import { AWS_MUTATIONS } from './aws-mutations.mjs';
import { CA_MUTATIONS } from './ca-mutations.mjs';
import { conformance, fleet, onFaultyFleet, simulation, unit } from './named-tests.mjs';
import { POLICY_MUTATIONS } from './policy-mutations.mjs';
import { SCAN_MUTATIONS } from './scan-mutations.mjs';

const SIMULATED = simulation('simulate', 'ends well');
const rows = (file, name) => simulation(`rows/${file}`, name);
const rotation = (file, name) => unit(`libs/rotation/src/${file}`, name);

const PLAN = 'libs/rotation/src/plan-transition.ts';
const INTENTS = 'libs/rotation/src/intents.ts';
const CONDITIONS = 'libs/rotation/src/conditions.ts';
const APPLY = 'libs/rotation/src/apply.ts';
const HOST_EFFECTS = 'libs/engine/src/perform/host-effects.ts';
const NEGATIVE = 'libs/engine/src/perform/negative-proof.ts';
const MEMORY = 'libs/simulation/src/memory/append-entries.ts';
const POSTGRES = 'libs/persistence/src/journal-append.ts';
const SCRIPTS = 'libs/simulation/src/host-scripts.ts';
const HOST_SCRIPT = 'libs/host/script/windlass-host.sh';
const safeties = (name) => fleet('fleet/host-gateway-safeties', name);

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

const GATE = 'libs/rotation/src/usage-gate.ts';
const GATE_ALWAYS_OPEN = {
  file: GATE,
  from: '  return usageVerdict(state)?.open === true;',
  to: '  return true;',
};

/** The six of issue 4, some of them at every place that guards against it, then further ones. */
export const MUTATIONS = [
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
        from: '    const { term } = this.keeper.lease;\n    try {\n      await this.follower.append(effects.map(',
        to: '    const { term } = this.keeper.lease;\n    await Promise.all(effects.map((effect) => this.outcome(effect, state)));\n    try {\n      await this.follower.append(effects.map(',
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
      { file: PLAN, from: "    onHosts(transition, 'host.prove-reverted', hosts),\n", to: '' },
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
    edits: [{ file: PLAN, from: "    onHosts(transition, 'host.prove-reverted', hosts),\n", to: '' }],
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
        from: 'set(effect.hostId, Date.parse(begunAt) + state.snapshot.timing.deadlineMs)',
        to: 'set(effect.hostId, Date.parse(begunAt) + 1_000 + state.snapshot.timing.deadlineMs)',
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
    test: unit('libs/engine/src/perform/generations'),
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
    name: 'host script: take one new worker as proof',
    edits: [
      {
        file: 'libs/host/script/nginx.sh',
        from: `    for pid in $accepting; do case " $before " in *" $pid "*) old=yes ;; esac; done
    [ -z "$old" ]`,
        to: `    for pid in $accepting; do case "$before " in *" $pid "*) ;; *) old=no ;; esac; done
    [ "$old" = no ]`,
      },
    ],
    test: safeties('one new worker'),
    expect: /one new worker proves nothing/,
  },
  {
    name: 'host script: read a log on that was overwritten',
    edits: [
      {
        file: 'libs/host/script/clients.sh',
        from: `[ "$offset" = 0 ] || [ "$(tail -c "+$((offset - \${#ending}))" -- "$1" | head -n 1)" = "$ending" ]`,
        to: 'true',
      },
    ],
    test: fleet('fleet/host-gateway-shells', 'reads a log on'),
    expect: /reads a log on/,
  },
  {
    name: 'host script: skip the check of the rollback copy',
    edits: [
      {
        file: HOST_SCRIPT,
        from: `  [ "$sum" = "$from" ] || fail host.digest-mismatch "the rollback copy is gone or damaged"\n`,
        to: '',
      },
    ],
    test: safeties('rollback copy'),
    expect: /without a good rollback copy nothing is switched/,
  },
  {
    name: 'host script: arm the dead-man after the rename',
    edits: [
      {
        file: HOST_SCRIPT,
        from: '  if [ -n "$stays" ]; then disarm; else arm; fi\n  write_state committed\n  each_path switch_one\n',
        to: '  each_path switch_one\n  if [ -n "$stays" ]; then disarm; else arm; fi\n  write_state committed\n',
      },
    ],
    test: safeties('armed before the rename'),
    expect: /armed before the rename/,
  },
  {
    name: 'host script: hold the lock while waiting',
    edits: [
      { file: HOST_SCRIPT, from: '  (run_step) || say', to: '  run_step || say' },
      { file: HOST_SCRIPT, from: '  exec 9>&-\n', to: '' },
    ],
    test: safeties('the lock is free'),
    expect: /the lock is free while the host waits/,
  },
  {
    name: 'host script: ignore a lower token',
    edits: [
      {
        file: 'libs/host/script/state.sh',
        from: '  newer_token ||\n',
        to: '  true ||\n',
      },
    ],
    test: safeties('a lower token'),
    expect: /a lower token is refused/,
  },
  {
    name: 'host script: take a record that was cut off for a whole one',
    edits: [
      {
        file: 'libs/host/script/state.sh',
        from: `      *) record="$record$key $value$nl" ;;`,
        to: `      *) record="$record$key $value$nl" whole=$record ;;`,
      },
    ],
    test: fleet('fleet/host-gateway-token', 'cut off'),
    expect: /what was cut off .* never was/,
  },
  {
    name: 'host script: end the watcher before another is there',
    edits: [
      {
        file: 'libs/host/script/dead-man.sh',
        from: '  watch_over || { s_watcher=$old; no_watcher; }\n',
        to: '  dismissed=$old; watch_over || no_watcher\n',
      },
    ],
    test: fleet('fleet/host-gateway-dead-man', 'stays when no other'),
    expect: /stays when no other can be started/,
  },
  {
    name: 'drop the old CA without looking whether it issues again',
    edits: [
      {
        file: PLAN,
        from: 'const retired = undecided && courseOf(state).movesCa ? checkRetired(state, now, transition.attempt) : null;',
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
  ...AUDIT_MUTATIONS,
  ...SCAN_MUTATIONS,
  ...CA_MUTATIONS,
  ...AWS_MUTATIONS,
  ...POLICY_MUTATIONS,
];
