// Mistakes in the script that runs on the hosts.

import { conformance, fleet } from './named-tests.mjs';

const HOST_SCRIPT = 'libs/host/script/windlass-host.sh';
const safeties = (name) => fleet('fleet/host-gateway-safeties', name);

export const HOST_MUTATIONS = [
  {
    name: 'connections: end one over which a vote stands without a word',
    edits: [
      {
        file: 'libs/host/src/open-connections.ts',
        from: 'if (voted) await this.reaching.leave(host, connection);',
        to: '',
      },
    ],
    test: conformance('host-connections', 'a vote stands'),
    expect: /are ended where a vote stands/,
  },
  {
    name: 'host script: drop a vote whose connection was left',
    edits: [{ file: HOST_SCRIPT, from: "leave) staged_last=''; say", to: 'leave) say' }],
    test: fleet('fleet/host-gateway-vote', 'for want of room'),
    expect: /stands without the connection/,
  },
  {
    name: 'host script: run what lacks its beginning',
    edits: [
      {
        file: 'libs/host/src/bootstrap.ts',
        from: `case "$s" in "mark=\${mark}"*"#\${mark}")`,
        to: `case "$s" in *"#\${mark}"*)`,
      },
    ],
    test: fleet('fleet/host-gateway-login', 'took the beginning'),
    expect: /took the beginning/,
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
      { file: HOST_SCRIPT, from: '  if (run_step); then', to: '  if run_step; then' },
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
    name: 'host script: read what was cut off together with the record behind it',
    edits: [{ file: 'libs/host/script/state.sh', from: '      also) record=$whole ;;\n', to: '' }],
    test: fleet('fleet/host-gateway-token', 'cut off'),
    expect: /what was cut off in the middle of what it changed never was/,
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
];
