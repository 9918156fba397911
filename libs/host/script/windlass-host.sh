# The host's side of a rotation, version 1: POSIX sh (dash, busybox ash), sent whole over SSH for every step.
# One file, because a host must check and run it as one. It reads `key value` lines up to `end`, then
# `payload` bytes, all from stdin; it answers `key value` lines and a last line `ok`, or `fail CODE` and a detail.
# It never trusts what it remembers: every step looks at the files and the workers first.
LC_ALL=C; export LC_ALL
PATH=$PATH:/usr/sbin:/sbin:/usr/local/sbin; export PATH
umask 022
paths='' payload=0 from='' to='' installation='' epoch=0 term=0 nginx=nginx root=/var/lib/windlass
nl='
'

while read -r key value; do
  case $key in
    end) break ;;
    step) step=$value ;;
    fleet) home=$root/$value ;;
    path) paths=$paths$value$nl ;;
    nginx) nginx=$value ;;
    from) from=$value ;;
    to) to=$value ;;
    installation) installation=$value ;;
    epoch) epoch=$value ;;
    term) term=$value ;;
    payload) payload=$value ;;
  esac
done

b64() { base64 | tr -d '\n'; }
say() { printf '%s\n' "$*"; }
fail() {
  code=$1; shift
  printf 'fail %s\n@detail ' "$code"; printf %s "$*" | b64; say ''
  exit 1
}

# Runs a command that writes; its complaint decides which failure it is.
must() {
  out=$("$@" 2>&1) && return 0
  drop_staged
  case $out in
    *'No space left'*|*'Disk quota'*) fail host.disk-full "$out" ;;
    *'Permission denied'*|*'Read-only'*|*'not permitted'*) fail host.no-permission "$out" ;;
    *) fail host.script-failed "$out" ;;
  esac
}

digest() { sha256sum < "$1" 2>/dev/null | cut -c1-64; }
write_from() { cat "$1" > "$2"; }
flush() { sync "$1" 2>/dev/null || sync; }
ticks() { read -r up _ < /proc/uptime; say "${up%.*}${up#*.}"; }
staged_name() { say "${1%/*}/.windlass-staged-${1##*/}"; }

# Calls a function with the real file behind every managed path; the real file is what a rename must replace.
each_path() {
  todo=$paths
  while [ -n "$todo" ]; do
    path=${todo%%"$nl"*}; todo=${todo#*"$nl"}
    real=$(readlink -f "$path") && [ -f "$real" ] || fail host.path-missing "$path"
    "$@"
  done
}
drop_one() { rm -f "$(staged_name "$real")" "${real%/*}/.windlass-back-${real##*/}"; }
drop_staged() { [ -n "$paths" ] && each_path drop_one 2>/dev/null; rm -f "$home"/generations/*.new 2>/dev/null; }

s_installation='' s_epoch=0 s_term=0 s_step='' s_from='' s_to='' s_switched=0 s_reloaded=0
read_state() {
  [ -f "$home/state" ] || return 0
  while read -r key value; do
    case $key in
      installation) s_installation=$value ;; epoch) s_epoch=$value ;; term) s_term=$value ;;
      step) s_step=$value ;; from) s_from=$value ;; to) s_to=$value ;;
      switched) s_switched=$value ;; reloaded) s_reloaded=$value ;;
    esac
  done < "$home/state"
}
put_state() {
  printf 'installation %s\nepoch %s\nterm %s\nstep %s\nfrom %s\nto %s\nswitched %s\nreloaded %s\n' \
    "$installation" "$epoch" "$term" "$1" "$from" "$to" "$s_switched" "$s_reloaded" > "$home/state.new"
}
write_state() {
  must put_state "$1"; flush "$home/state.new"; must mv -f "$home/state.new" "$home/state"; s_step=$1
}

# The lock is held inside one step and never while anything waits for a person or a network.
enter() {
  must mkdir -p "$home/generations"
  (: >> "$home/lock") 2>/dev/null || must touch "$home/lock"
  exec 9>>"$home/lock"
  flock -w 20 9 || fail host.busy "another step holds $home/lock"
  read_state
  if [ -n "$s_installation" ] && [ "$s_installation" != "$installation" ]; then
    case $s_step in
      staged|committed) fail host.stale-token "installation $s_installation is in the middle of a rotation here" ;;
    esac
  elif [ "$epoch" -lt "$s_epoch" ] || { [ "$epoch" -eq "$s_epoch" ] && [ "$term" -lt "$s_term" ]; }; then
    fail host.stale-token "token $epoch.$term is older than $s_epoch.$s_term"
  fi
}

# ---- nginx ------------------------------------------------------------------------------------------------
find_nginx() { command -v "$nginx" >/dev/null 2>&1 || fail host.no-nginx "$nginx"; }
build_option() { "$nginx" -V 2>&1 | tr ' ' '\n' | sed -n "s/^--$1=//p" | head -n 1; }
read_config() {
  config=$("$nginx" -T 2>/dev/null) || config=''
  pidfile=$(say "$config" | sed -n 's/^[[:space:]]*pid[[:space:]][[:space:]]*\([^;]*\);.*/\1/p' | head -n 1)
  [ -n "$pidfile" ] || pidfile=$(build_option pid-path)
  logs=$(say "$config" | sed -n 's/^[[:space:]]*error_log[[:space:]][[:space:]]*\([^; ]*\).*/\1/p' | sort -u)
  [ -n "$logs" ] || logs=$(build_option error-log-path)
}
title() { tr '\0' ' ' < "/proc/$1/cmdline" 2>/dev/null; }
read_master() {
  master=''
  read -r master < "$pidfile" 2>/dev/null || return 1
  case $(title "$master") in 'nginx: master process'*) return 0 ;; esac
  return 1
}
children() {
  cat "/proc/$master/task/$master/children" 2>/dev/null && return 0
  for stat in /proc/[0-9]*/stat; do
    read -r line < "$stat" 2>/dev/null || continue
    set -- ${line##*) }
    [ "$2" = "$master" ] && { p=${stat#/proc/}; printf '%s ' "${p%/stat}"; }
  done
}
# accepting and draining become lists of pids.
read_workers() {
  accepting='' draining=''
  for pid in $(children); do
    case $(title "$pid") in
      'nginx: worker process is shutting down'*) draining="$draining $pid" ;;
      'nginx: worker process'*) accepting="$accepting $pid" ;;
    esac
  done
}
started() { read -r line < "/proc/$1/stat" 2>/dev/null || return 1; set -- ${line##*) }; say "${20}"; }
# True when a worker that accepts was started before the moment (hundredths of a second since boot).
any_older_than() {
  for pid in $accepting; do
    at=$(started "$pid") || continue
    [ "$at" -lt "$1" ] && return 0
  done
  return 1
}
any_younger_than() {
  for pid in $accepting; do
    at=$(started "$pid") || continue
    [ "$at" -ge "$1" ] && return 0
  done
  return 1
}
log_sizes() { for log in $logs; do [ -f "$log" ] && printf '%s %s\n' "$(wc -c < "$log")" "$log"; done; }
new_emerg() {
  say "$1" | while read -r size log; do
    [ -n "$log" ] && tail -c "+$((size + 1))" "$log" 2>/dev/null | grep '\[emerg\]'
  done | tail -n 3
}
report() {
  say "digest $1"; say "reloaded $2"
  for pid in $accepting; do say "worker $pid"; done
  for pid in $draining; do say "drain $pid"; done
}

# Reloads and proves it: the old workers must stop accepting and new ones must be there (facts: a reload that
# returned 0 proves nothing).
reload_and_prove() {
  read_master || fail host.reload-not-live "the pid file $pidfile does not name a running nginx master"
  read_workers
  before=$accepting; sizes=$(log_sizes); s_reloaded=$(ticks); write_state "$s_step"
  out=$("$nginx" -s reload 2>&1) || fail host.reload-not-live "$out"
  tries=0
  while [ "$tries" -lt 200 ]; do
    sleep 0.05; tries=$((tries + 1)); read_workers
    old=''
    for pid in $accepting; do case " $before " in *" $pid "*) old=yes ;; esac; done
    [ -z "$old" ] && [ -n "$accepting" ] && return 0
    if [ "$tries" -ge 60 ]; then
      emerg=$(new_emerg "$sizes")
      [ -n "$emerg" ] && fail host.reload-not-live "$emerg"
    fi
  done
  fail host.reload-not-live "the old workers still accept 10 s after the reload"
}

# ---- steps ------------------------------------------------------------------------------------------------
need_from() {
  live=$(digest "$real")
  [ "$live" = "$from" ] || fail host.drift "$path has SHA-256 $live, expected $from"
}
is_to() { [ "$(digest "$real")" = "$to" ] || all_to=''; }
keep_rollback() {
  copy=$home/generations/$from
  [ -f "$copy" ] && [ "$(digest "$copy")" = "$from" ] && return 0
  must cp "$real" "$copy.new"; flush "$copy.new"
  [ "$(digest "$copy.new")" = "$from" ] || { drop_staged; fail host.digest-mismatch "rollback copy of $path"; }
  must mv -f "$copy.new" "$copy"
}
# cp -p first: the staged file gets mode and owner of the live one, then its own content and time.
stage_one() {
  staged=$(staged_name "$real")
  must cp -p "$real" "$staged"; must write_from "$home/generations/$to" "$staged"; flush "$staged"
  [ "$(digest "$staged")" = "$to" ] || { drop_staged; fail host.digest-mismatch "$staged"; }
}
pair_one() { binds="$binds$(staged_name "$real")$nl$real$nl"; }
# Every host's real configuration is tested with the staged file bound over the live one, in a mount namespace
# of its own: the live path is never touched.
test_staged() {
  binds=''; each_path pair_one
  out=$(printf %s "$binds" | unshare -m --propagation private sh -c '
    while read -r staged && read -r real; do mount --bind "$staged" "$real" || exit 96; done
    "$1" -t -q' sh "$nginx" 2>&1) && return 0
  drop_staged; fail host.config-test-failed "$out"
}

step_stage() {
  find_nginx; enter
  all_to=yes; each_path is_to
  [ -n "$all_to" ] && [ "$s_to" = "$to" ] && [ "$s_step" = committed ] && return 0
  each_path need_from
  bundle=$home/generations/$to
  must dd of="$bundle.new" bs="$payload" count=1 iflag=fullblock
  flush "$bundle.new"
  [ "$(digest "$bundle.new")" = "$to" ] || { drop_staged; fail host.digest-mismatch "the bundle arrived damaged"; }
  must mv -f "$bundle.new" "$bundle"
  each_path keep_rollback; each_path stage_one; test_staged
  s_switched=0 s_reloaded=0; write_state staged
}

check_switchable() {
  live=$(digest "$real")
  [ "$live" = "$to" ] || { need_from; [ "$(digest "$(staged_name "$real")")" = "$to" ] || fail host.drift "$path: the staged file is gone or changed"; }
}
switch_one() { [ "$(digest "$real")" = "$to" ] || must mv -f "$(staged_name "$real")" "$real"; }
step_commit() {
  find_nginx; enter; read_config
  [ "$s_from" = "$from" ] && [ "$s_to" = "$to" ] || fail host.drift "nothing is staged here for $to"
  case $s_step in staged|committed) ;; *) fail host.drift "the transaction here is $s_step" ;; esac
  [ "$(digest "$home/generations/$from")" = "$from" ] || fail host.digest-mismatch "the rollback copy is gone or damaged"
  each_path check_switchable
  [ "$s_switched" -gt 0 ] || s_switched=$(ticks)
  write_state committed
  each_path switch_one
  reloaded=1
  if read_master; then
    read_workers
    [ "$s_reloaded" -gt 0 ] && [ -n "$accepting" ] && ! any_older_than "$s_switched" && reloaded=0
  fi
  [ "$reloaded" = 0 ] || reload_and_prove
  report "$to" "$reloaded"
}

check_far() { live=$(digest "$real"); [ "$live" = "$to" ] || fail host.drift "$path has SHA-256 $live, expected $to"; }
step_confirm() {
  enter
  [ "$s_to" = "$to" ] || fail host.drift "the transaction here is about $s_to"
  each_path check_far; drop_staged
  for copy in "$home"/generations/*; do
    case ${copy##*/} in "$from"|"$to"|"$s_from") ;; *) rm -f "$copy" ;; esac
  done
  from=$s_from; write_state confirmed
}

put_back() {
  live=$(digest "$real")
  [ "$live" = "$from" ] && return 0
  [ "$live" = "$to" ] || fail host.drift "$path has SHA-256 $live, neither $from nor $to"
  back=${real%/*}/.windlass-back-${real##*/}
  must cp -p "$real" "$back"; must write_from "$home/generations/$from" "$back"; flush "$back"
  [ "$(digest "$back")" = "$from" ] || { rm -f "$back"; fail host.digest-mismatch "the rollback copy of $path"; }
  must mv -f "$back" "$real"; moved=yes
}
# Where no worker left OLD (a reload that failed), another reload would only fail again: the file is enough,
# once nginx has given up the reload that is under way (it tries to bind for up to 2.6 s).
step_revert() {
  find_nginx; enter; moved=''
  each_path put_back; drop_staged
  read_config
  accepting='' draining=''
  if [ -n "$moved" ] || [ "$s_switched" -gt 0 ]; then
    if [ "$s_reloaded" -gt 0 ]; then
      while [ "$(($(ticks) - s_reloaded))" -lt 400 ] && read_master && read_workers && ! any_younger_than "$s_switched"; do sleep 0.1; done
    fi
    read_master && read_workers
    if [ "$s_switched" -eq 0 ] || any_younger_than "$s_switched"; then
      reload_and_prove; report "$from" 1; s_switched=0; write_state reverted; return 0
    fi
  else
    read_master && read_workers
  fi
  s_switched=0; write_state reverted
  report "$from" 0
}

step_discard() {
  enter
  drop_staged
  [ "$s_step" = staged ] || return 0
  from=$s_from to=$s_to; write_state discarded
}

observe_file() { say "file $(digest "$real") $path"; say "real $real"; check_folder "${real%/*}"; }
observe_files() {
  todo=$paths
  while [ -n "$todo" ]; do
    path=${todo%%"$nl"*}; todo=${todo#*"$nl"}
    real=$(readlink -f "$path") && [ -f "$real" ] || { say "file - $path"; say "real "; continue; }
    observe_file
    [ -n "$first" ] || { first=$real; printf '@live '; b64 < "$real"; say ''; }
  done
}
check_folder() {
  # In a subshell: a redirection that fails ends a POSIX shell where the command is a special builtin.
  if (: > "$1/.windlass-try") 2>/dev/null; then rm -f "$1/.windlass-try"; else say "unwritable $1"; fi
  say "free $(df -Pk "$1" 2>/dev/null | awk 'NR==2 {print $4}')"
}
observe_newer() {
  newest=0
  for pid in $accepting; do at=$(started "$pid") || continue; [ "$at" -gt "$newest" ] && newest=$at; done
  [ "$newest" -gt 0 ] || return 0
  since=$(($(date +%s) - ($(ticks) - newest) / 100 + 1))
  say "$config" | sed -n 's/^# configuration file \(.*\):$/\1/p' | while read -r file; do
    [ "$(stat -c %Y "$file" 2>/dev/null || say 0)" -gt "$since" ] && say "newer $file"
  done
}
observe_trusted() {
  say "$config" | sed -n 's/^[[:space:]]*ssl_trusted_certificate[[:space:]][[:space:]]*["'\'']*\([^"'\'';]*\).*/\1/p' | sort -u | while read -r file; do
    case $file in /*) ;; *) file=${conf_dir:-/etc/nginx}/$file ;; esac
    [ -f "$file" ] && { printf '@trusted %s ' "$file"; b64 < "$file"; say ''; }
  done
}
step_observe() {
  say "clock $(date -u +%Y-%m-%dT%H:%M:%SZ)"; first=''
  observe_files
  folder=$root; while [ ! -d "$folder" ]; do folder=${folder%/*}; [ -n "$folder" ] || folder=/; done
  check_folder "$folder"
  read_state
  [ -n "$s_step" ] && say "state $s_epoch $s_term $s_step $s_from $s_to $s_installation"
  command -v "$nginx" >/dev/null 2>&1 || { say 'nginx none'; return 0; }
  conf_dir=$(build_option conf-path); conf_dir=${conf_dir%/*}
  say "nginx $("$nginx" -v 2>&1 | sed 's/.*nginx\///')"
  say "openssl $("$nginx" -V 2>&1 | sed -n 's/^built with //p')"
  read_config
  [ -n "$config" ] || { printf '@configerror '; "$nginx" -t 2>&1 | b64; say ''; }
  printf '@config '; say "$config" | b64; say ''
  if read_master; then
    say "master $master"; read_workers; now=$(ticks)
    for pid in $accepting; do say "worker $pid $((now - $(started "$pid")))"; done
    for pid in $draining; do say "drain $pid $((now - $(started "$pid")))"; done
    observe_newer
  fi
  observe_trusted
}

case ${step:-} in
  observe|stage|commit|confirm|revert|discard) "step_$step" ;;
  *) fail host.script-failed "unknown step ${step:-}" ;;
esac
say ok
