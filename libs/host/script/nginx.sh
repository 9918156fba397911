
# ---- nginx ------------------------------------------------------------------------------------------------
find_nginx() { command -v "$nginx" >/dev/null 2>&1 || fail host.no-nginx "$nginx"; }
# with_words LIST COMMAND...: runs COMMAND with the words of the list behind it, one a line, and no shell between.
with_words() {
  words=$1; shift
  while [ -n "$words" ]; do set -- "$@" "${words%%"$nl"*}"; words=${words#*"$nl"}; done
  "$@"
}
# For sh: binds each first file of the pairs on stdin over its second, then becomes the command. In a mount namespace
# of its own, where nobody else sees it.
bound='while read -r with && read -r real && [ -n "$real" ]; do mount --bind "$with" "$real" || exit 96; done; exec "$@"'
run_nginx() { with_words "$nginx_words" "$nginx" "$@"; }

# For sed: what matters here of a configuration, as lines `conf FILE`, `pid FILE` and `log FILE`.
places='s/^# configuration file \(.*\):$/conf \1/p
    s/^[[:space:]]*pid[[:space:]][[:space:]]*["'\'']*\([^"'\'';]*\).*/pid \1/p
    s/^[[:space:]]*error_log[[:space:]][[:space:]]*["'\'']*\([^"'\''; ]*\).*/log \1/p'
# read_places LINES: `pidfile`, `logs` and `conf_dir`. What the configuration does not say is what nginx was built
# with, and a relative name is one in its prefix.
read_places() {
  pidfile='' logs='' conf_dir=''
  lines=$1
  while [ -n "$lines" ]; do
    line=${lines%%"$nl"*} lines=${lines#*"$nl"} file=''
    case $line in
      'conf '*) [ -n "$conf_dir" ] || { conf_dir=${line#conf }; conf_dir=${conf_dir%/*}; } ;;
      'pid '*) in_prefix "${line#pid }"; [ -n "$pidfile" ] || pidfile=$file ;;
      'log '*) in_prefix "${line#log }"; case $nl$logs in *"$nl$file$nl"*) ;; *) logs=$logs$file$nl ;; esac ;;
    esac
  done
  [ -n "$pidfile" ] && [ -n "$logs" ] && return 0
  read_build
  [ -n "$pidfile" ] || { in_prefix "$built_pid"; pidfile=$file; }
  [ -n "$logs" ] || { in_prefix "$built_log"; logs=$file$nl; }
}
in_prefix() {
  case $1 in /*) file=$1; return ;; esac
  [ -n "$build" ] || read_build
  prefix=$built_prefix words=$nl$nginx_words
  case $words in *"$nl-p$nl"*) prefix=${words#*"$nl-p$nl"}; prefix=${prefix%%"$nl"*} ;; esac
  file=${prefix%/}/$1
}
build=''
read_build() {
  [ -z "$build" ] || return 0
  build=$(run_nginx -V 2>&1)
  built_prefix=/usr/local/nginx built_pid=logs/nginx.pid built_log=logs/error.log
  for word in $build; do
    case $word in
      --prefix=*) built_prefix=${word#*=} ;;
      --pid-path=*) built_pid=${word#*=} ;;
      --error-log-path=*) built_log=${word#*=} ;;
    esac
  done
}
# The places that the stage found: they are those of the master that runs, whatever somebody wrote since.
recall_places() {
  found=''
  if [ -f "$home/places" ]; then
    while read -r line; do found=$found$line$nl; done < "$home/places"
  else
    found=$(run_nginx -T 2>/dev/null | sed -n "$places")$nl
  fi
  read_places "$found"
}

# `title`: the command line of a process. `read` skips the zeros in it, and finds no newline at its end.
read_title() { title=''; { IFS= read -r title < "/proc/$1/cmdline"; } 2>/dev/null; }
read_master() {
  master=''
  { read -r master < "$pidfile"; } 2>/dev/null || return 1
  read_title "$master"
  case $title in 'nginx: master process'*) return 0 ;; esac
  return 1
}
read_children() {
  children=''
  [ -r "/proc/$master/task/$master/children" ] && { read -r children < "/proc/$master/task/$master/children"; return; }
  for stat in /proc/[0-9]*/stat; do
    { read -r line < "$stat"; } 2>/dev/null || continue
    set -- ${line##*) }
    [ "$2" = "$master" ] && { p=${stat#/proc/}; children="$children ${p%/stat}"; }
  done
}
# `accepting` and `draining` become lists of pids.
read_workers() {
  accepting='' draining=''
  read_children
  for pid in $children; do
    read_title "$pid"
    case $title in
      'nginx: worker process is shutting down'*) draining="$draining $pid" ;;
      'nginx: worker process'*) accepting="$accepting $pid" ;;
    esac
  done
}
# True when a worker that accepts was started before the moment (hundredths of a second since boot).
any_older_than() {
  for pid in $accepting; do read_started "$pid" && [ "$at" -lt "$1" ] && return 0; done
  return 1
}
any_younger_than() {
  for pid in $accepting; do read_started "$pid" && [ "$at" -ge "$1" ] && return 0; done
  return 1
}
# `emerg`: what the error logs say of a reload that began at `s_reloaded`. They tell wall time, by the second. Looked
# at only where a reload failed: before it, sizes of logs would cost every reload a process.
read_emerg() {
  since=$(date -d "@$(($(date +%s) - (now - s_reloaded) / 100 - 1))" '+%Y/%m/%d %H:%M:%S')
  IFS=$nl
  set -f
  emerg=$(tail -q -n 1000 -- $logs 2>/dev/null | awk -v since="$since" 'substr($0, 1, 19) >= since && /\[emerg\]/' | tail -n 3)
  set +f; unset IFS
}
report() {
  answer="digest $1${nl}reloaded $2$nl"
  for pid in $accepting; do answer="${answer}worker $pid$nl"; done
  for pid in $draining; do answer="${answer}drain $pid$nl"; done
}

# The signal is what `nginx -s reload` sends, without reading the configuration once more to find whom to.
reload() {
  out="no signal can be sent to nginx master $master"
  if [ -n "$reload_words" ]; then out=$(with_words "$reload_words" env 2>&1); else kill -HUP "$master"; fi
}
# Reloads and proves it: the old workers must stop accepting and new ones must be there (facts: a reload that
# returned 0 proves nothing).
reload_and_prove() {
  read_master || fail host.reload-not-live "the pid file $pidfile does not name a running nginx master"
  read_workers
  before=$accepting
  read_ticks; s_reloaded=$now; note_state "$s_step"
  reload || fail host.reload-not-live "$out"
  # The master itself waits 100 ms before it tells the old workers to stop (ngx_master_process_cycle).
  pause=0.12
  while read_ticks; [ "$((now - s_reloaded))" -lt 1000 ]; do
    sleep "$pause"; pause=0.06; read_workers
    old=''
    for pid in $accepting; do case " $before " in *" $pid "*) old=yes ;; esac; done
    [ -z "$old" ] && [ -n "$accepting" ] && return 0
    if [ "$((now - s_reloaded))" -ge 300 ]; then
      read_emerg
      [ -n "$emerg" ] && fail host.reload-not-live "$emerg"
    fi
  done
  fail host.reload-not-live "the old workers still accept 10 s after the reload"
}
