
# ---- steps ------------------------------------------------------------------------------------------------
# read_sums NAMES: the SHA-256 of many files at once, and sum_of NAME: `sum` of one of them, empty when it is gone.
read_sums() {
  IFS=$nl
  set -f; sums=$nl$(sha256sum -- $1 2>/dev/null)$nl; set +f
  unset IFS
}
sum_of() {
  sum=${sums%%"  $1$nl"*}
  if [ "$sum" = "$sums" ]; then sum=''; else sum=${sum##*"$nl"}; fi
}
name_one() { names=$names$real$nl$staged$nl; }
# Into `sums`: what is live, what is staged, and what else is named.
look() { names=$1; each_path name_one; read_sums "$names"; }
# need_live DIGEST [WHEN]: the live file is this one, as the last look saw it.
need_live() {
  sum_of "$real"
  [ "$sum" = "$1" ] || fail host.drift "$path has SHA-256 $sum${2-}, expected $1"
}
is_to() { sum_of "$real"; [ "$sum" = "$to" ] || all_to=''; }

# cp -p first: the staged file gets mode and owner of the live one, then its own content and time.
stage_one() {
  must cp -p "$real" "$staged"; put "$body" "$staged"
  fresh=$fresh$staged$nl
}
# must_be NAME DIGEST
must_be() {
  sum_of "$1"
  [ "$sum" = "$2" ] && return 0
  drop_staged; fail host.digest-mismatch "$1 has SHA-256 ${sum:-none}, expected $2"
}
staged_must_be() { must_be "$staged" "$to"; }
staged_need_live() { sum_of "$real"; [ "$sum" = "$from" ] || { drop_staged; need_live "$from"; }; }
# Under their own names from the start: a name that its content does not bear out is written anew. One look at the
# end sees what is live, what was written, and the way back.
write_generations() {
  copy=$home/generations/$from fresh=$home/generations/$to$nl
  put "$body" "$home/generations/$to"
  [ -f "$copy" ] || write_copy
  each_path stage_one
  flush_fresh; look "$fresh$copy$nl"
  each_path staged_need_live
  sum_of "$copy"
  [ "$sum" = "$from" ] || { fresh=''; write_copy; flush_fresh; look "$home/generations/$to$nl$copy$nl"; }
  must_be "$home/generations/$to" "$to"
  must_be "$copy" "$from"
  each_path staged_must_be
}
write_copy() {
  real=${reals#*"$nl"}; must cp "${real%%"$nl"*}" "$copy"
  fresh=$fresh$copy$nl
}
flush_fresh() {
  IFS=$nl
  set -f; flush $fresh; set +f
  unset IFS
}
pair_one() { binds=$binds$staged$nl$real$nl; }
# Every host's real configuration is tested with the staged file bound over the live one, in a mount namespace
# of its own: the live path is never touched. A configuration that is refused is not printed.
test_staged() {
  binds=''; each_path pair_one
  try_staged 2>/dev/null; recall_places
  [ -n "$conf_dir" ] && return 0
  out=$(try_staged 2>&1)
  drop_staged; fail host.config-test-failed "$out"
}
try_staged() {
  words=$nginx_words
  set --; while [ -n "$words" ]; do set -- "$@" "${words%%"$nl"*}"; words=${words#*"$nl"}; done
  # `exec`: a pipe has a shell for each of its ends anyway.
  { exec unshare -m --propagation private sh -c "$bound" sh "$nginx" "$@" -T <<BINDS
$binds
BINDS
  } | sed -n "$places" > "$home/places"
}

step_stage() {
  enter; find_nginx
  if ours && [ "$s_step" = committed ]; then
    look ''; all_to=yes; each_path is_to
    [ -z "$all_to" ] || return 0
  fi
  # What lies staged is written anew: until that is tested there is no vote.
  [ "$s_step" != staged ] || { s_vote=''; note_state discarded; }
  find_reals; write_generations; test_staged
  s_owner=$rotation s_from=$from s_to=$to s_switched=0 s_renamed=0 s_reloaded=0
  read_ticks; s_vote=$((now + vote / 10))
  # A watcher of something else may be about to end: this one gets its own.
  disarm; watch_over || { drop_staged; no_watcher; }
  records=0; note_state staged
}

check_switchable() {
  sum_of "$real"
  [ "$sum" != "$to" ] || return 0
  need_live "$from"; sum_of "$staged"
  [ "$sum" = "$to" ] || fail host.drift "$path: the staged file is gone or changed"
}
switch_one() { sum_of "$real"; [ "$sum" = "$to" ] || must mv -f "$staged" "$real"; }
# A vote that is given up is remembered as one, so that whoever lost the answer and asks again hears the same.
need_vote() {
  read_ticks
  [ "$s_step" = staged ] && [ "$now" -le "${s_vote:-0}" ] && return 0
  [ -n "$s_vote" ] || fail host.drift "the transaction here is $s_step"
  lapse
  fail host.vote-expired "what was staged for $to is dropped"
}
lapse() { s_vote=0; drop_staged; disarm; note_state discarded; }
# An edit between rename and reload is what the new workers serve, whatever lies there when somebody looks later.
need_loaded() { look ''; each_path need_live "$1" ' while nginx reloaded'; }
step_commit() {
  enter; find_nginx; recall_places
  ours && [ "$s_from" = "$from" ] || fail host.drift "nothing is staged here for $to by rotation $rotation"
  case $s_step in
    committed) ;;
    staged|discarded) need_vote ;;
    returned) fail host.not-armed "the host went back to $from by itself" ;;
    *) fail host.drift "the transaction here is $s_step" ;;
  esac
  copy=$home/generations/$from
  look "$copy$nl"; sum_of "$copy"
  [ "$sum" = "$from" ] || fail host.digest-mismatch "the rollback copy is gone or damaged"
  each_path check_switchable
  all_to=yes; each_path is_to
  read_ticks
  [ "$s_switched" -gt 0 ] || s_switched=$now
  [ -n "$all_to" ] && [ "$s_renamed" -gt 0 ] || s_renamed=$now s_reloaded=0
  # Where it is to stay, nothing goes back by itself.
  if [ -n "$stays" ]; then disarm; else arm; fi
  write_state committed
  each_path switch_one
  reloaded=1
  if read_master; then
    read_workers
    [ "$s_reloaded" -gt 0 ] && [ -n "$accepting" ] && ! any_older_than "$s_renamed" && reloaded=0
  fi
  [ "$reloaded" = 0 ] || { reload_and_prove; need_loaded "$to"; }
  report "$to" "$reloaded"
}

step_renew() {
  enter
  ours && armed || fail host.not-armed "the transaction here is $s_step for $s_to"
  arm; note_state committed
}

# Those of generations that nobody goes back to, many at once: each time takes a process.
MOST_COPIES=8
drop_copies() {
  set --
  for copy in "$home"/generations/*; do
    case ${copy##*/} in "$s_from"|"$s_to") ;; *) set -- "$@" "$copy" ;; esac
  done
  [ "$#" -le "$MOST_COPIES" ] || rm -f -- "$@"
}
step_confirm() {
  enter
  ours || fail host.not-armed "the transaction here is about ${s_to:-nothing}"
  case $s_step in committed|confirmed) ;; *) fail host.not-armed "the transaction here is $s_step" ;; esac
  look ''; each_path need_live "$to"; drop_staged
  drop_copies
  disarm; note_state confirmed
  answer="digest $to$nl"; say_armed
}

put_back() {
  sum_of "$real"
  [ "$sum" = "$from" ] && return 0
  [ "$sum" = "$to" ] || fail host.drift "$path has SHA-256 $sum, neither $from nor $to"
  must cp -p "$real" "$back"; must write_from "$home/generations/$from" "$back"; flush "$back"
  read_sum "$back"
  [ "$sum" = "$from" ] || { rm -f "$back"; fail host.digest-mismatch "the rollback copy of $path"; }
  must mv -f "$back" "$real"; moved=yes
}
write_from() { cat "$1" > "$2"; }
# nginx tries to bind for up to 2.6 s before it gives up a reload that is under way.
await_reload() {
  [ "$s_reloaded" -gt 0 ] || return 0
  while read_ticks; [ "$((now - s_reloaded))" -lt 400 ] && read_master && read_workers &&
    ! any_younger_than "$s_switched"; do sleep 0.1; done
}
# Where no worker left OLD (a reload that failed), another reload would only fail again: the file is enough.
go_back() {
  find_nginx; moved='' reloaded=0
  look ''; each_path put_back; drop_staged
  recall_places
  accepting='' draining=''
  if [ -n "$moved" ] || [ "$s_switched" -gt 0 ]; then
    await_reload
    read_master && read_workers
    if [ "$s_switched" -eq 0 ] || any_younger_than "$s_switched"; then
      reload_and_prove; need_loaded "$from"; reloaded=1
    fi
  else
    read_master && read_workers
  fi
  s_switched=0
}
step_revert() {
  enter; write_state "$s_step"; go_back
  s_owner=$rotation s_from=$from s_to=$to; disarm; write_state reverted
  report "$from" "$reloaded"
}

step_discard() {
  enter
  [ "$s_step" != committed ] || return 0
  drop_staged
  [ "$s_step" = staged ] || return 0
  s_vote=''; disarm; note_state discarded
}

# ---- the armed exec ---------------------------------------------------------------------------------------
run_step() {
  obey_owner
  case $step in
    observe|openssl|verify|try|clients|stage|commit|renew|confirm|revert|discard) "step_$step" ;;
    *) fail host.script-failed "unknown step $step" ;;
  esac
  keep_token
  exec 9>&-
  # Whoever has a folder is done when it is gone, which is behind its end.
  case $step in openssl|verify|try) say ok; return 1 ;; esac
  say "${answer}ok${nl}done $reply"
}
# The channel has ended: nobody is left who could say go to what this connection staged last.
abandon() {
  lock
  [ "$s_step" = staged ] && [ "$s_installation $s_rotation $s_epoch $s_term $s_serial" = "$staged_last" ] || return 0
  lapse
}
[ -z "$owner" ] || { read_sum "$program"; own=$sum; }
staged_last=''
while read_message; do
  case $step in
    watch) obey_owner; step_watch; exit ;;
    # Whoever ends this channel next wants the vote to stand: go comes over another one.
    leave) staged_last=''; say "done $reply"; continue ;;
    stage) staged_last="$installation $rotation $epoch $term $serial" ;;
  esac
  if (run_step); then
    # What was staged is switched or gone, so nothing of it is left to abandon.
    case $step in commit|revert|discard) staged_last='' ;; esac
  else
    say "done $reply"
  fi
done
[ -z "$staged_last" ] || (abandon) >/dev/null
