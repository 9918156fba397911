
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
