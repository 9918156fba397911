
# ---- steps ------------------------------------------------------------------------------------------------
# need_live DIGEST [WHEN]: the live file is this one.
need_live() {
  live=$(digest "$real")
  [ "$live" = "$1" ] || fail host.drift "$path has SHA-256 $live${2-}, expected $1"
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
put_body() { printf %s "$body" | cat > "$1"; }
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
  enter; find_nginx
  all_to=yes; each_path is_to
  [ -n "$all_to" ] && ours && [ "$s_step" = committed ] && return 0
  # What lies staged is written anew: until that is tested there is no vote.
  [ "$s_step" != staged ] || { s_vote=''; write_state discarded; }
  each_path need_live "$from"
  bundle=$home/generations/$to
  must put_body "$bundle.new"
  flush "$bundle.new"
  [ "$(digest "$bundle.new")" = "$to" ] || { drop_staged; fail host.digest-mismatch "the bundle arrived damaged"; }
  must mv -f "$bundle.new" "$bundle"
  each_path keep_rollback; each_path stage_one; test_staged
  s_owner=$rotation s_from=$from s_to=$to s_switched=0 s_renamed=0 s_reloaded=0
  s_vote=$(($(ticks) + vote / 10))
  # A watcher of something else may be about to end: this one gets its own.
  disarm; watch_over || { drop_staged; no_watcher; }
  write_state staged
}

check_switchable() {
  live=$(digest "$real")
  [ "$live" = "$to" ] || { need_live "$from"; [ "$(digest "$(staged_name "$real")")" = "$to" ] || fail host.drift "$path: the staged file is gone or changed"; }
}
switch_one() { [ "$(digest "$real")" = "$to" ] || must mv -f "$(staged_name "$real")" "$real"; }
# A vote that is given up is remembered as one, so that whoever lost the answer and asks again hears the same.
need_vote() {
  [ "$s_step" = staged ] && [ "$(ticks)" -le "${s_vote:-0}" ] && return 0
  [ -n "$s_vote" ] || fail host.drift "the transaction here is $s_step"
  lapse
  fail host.vote-expired "what was staged for $to is dropped"
}
lapse() { s_vote=0; drop_staged; write_state discarded; }
# An edit between rename and reload is what the new workers serve, whatever lies there when somebody looks later.
check_loaded() { need_live "$1" ' while nginx reloaded'; }
step_commit() {
  enter; find_nginx; read_config
  ours && [ "$s_from" = "$from" ] || fail host.drift "nothing is staged here for $to by rotation $rotation"
  case $s_step in
    committed) ;;
    staged|discarded) need_vote ;;
    returned) fail host.not-armed "the host went back to $from by itself" ;;
    *) fail host.drift "the transaction here is $s_step" ;;
  esac
  [ "$(digest "$home/generations/$from")" = "$from" ] || fail host.digest-mismatch "the rollback copy is gone or damaged"
  each_path check_switchable
  all_to=yes; each_path is_to
  [ "$s_switched" -gt 0 ] || s_switched=$(ticks)
  [ -n "$all_to" ] && [ "$s_renamed" -gt 0 ] || s_renamed=$(ticks) s_reloaded=0
  arm; write_state committed
  each_path switch_one
  reloaded=1
  if read_master; then
    read_workers
    [ "$s_reloaded" -gt 0 ] && [ -n "$accepting" ] && ! any_older_than "$s_renamed" && reloaded=0
  fi
  [ "$reloaded" = 0 ] || { reload_and_prove; each_path check_loaded "$to"; }
  report "$to" "$reloaded"
}

step_renew() {
  enter
  ours && armed || fail host.not-armed "the transaction here is $s_step for $s_to"
  arm; write_state committed
}

step_confirm() {
  enter
  ours || fail host.not-armed "the transaction here is about ${s_to:-nothing}"
  case $s_step in committed|confirmed) ;; *) fail host.not-armed "the transaction here is $s_step" ;; esac
  each_path need_live "$to"; drop_staged
  for copy in "$home"/generations/*; do
    case ${copy##*/} in "$s_from"|"$s_to") ;; *) rm -f "$copy" ;; esac
  done
  disarm; write_state confirmed
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
# nginx tries to bind for up to 2.6 s before it gives up a reload that is under way.
await_reload() {
  [ "$s_reloaded" -gt 0 ] || return 0
  while [ "$(($(ticks) - s_reloaded))" -lt 400 ] && read_master && read_workers && ! any_younger_than "$s_switched"; do
    sleep 0.1
  done
}
# Where no worker left OLD (a reload that failed), another reload would only fail again: the file is enough.
go_back() {
  find_nginx; moved='' reloaded=0
  each_path put_back; drop_staged
  read_config
  accepting='' draining=''
  if [ -n "$moved" ] || [ "$s_switched" -gt 0 ]; then
    await_reload
    read_master && read_workers
    if [ "$s_switched" -eq 0 ] || any_younger_than "$s_switched"; then
      reload_and_prove; each_path check_loaded "$from"; reloaded=1
    fi
  else
    read_master && read_workers
  fi
  s_switched=0
}
step_revert() {
  enter; go_back
  s_owner=$rotation s_from=$from s_to=$to; disarm; write_state reverted
  report "$from" "$reloaded"
}

step_discard() {
  enter
  [ "$s_step" != committed ] || return 0
  drop_staged
  [ "$s_step" = staged ] || return 0
  s_vote=''; write_state discarded
}

# ---- the armed exec ---------------------------------------------------------------------------------------
run_step() {
  case $step in
    observe|stage|commit|renew|confirm|revert|discard) "step_$step" ;;
    *) fail host.script-failed "unknown step $step" ;;
  esac
  say ok
}
token() { say "$installation $rotation $epoch $term $serial"; }
# The channel has ended: nobody is left who could say go to what this connection staged last.
abandon() {
  lock
  [ "$s_step" = staged ] && [ "$s_installation $s_rotation $s_epoch $s_term $s_serial" = "$staged_last" ] || return 0
  lapse
}
staged_last=''
while read_message; do
  case $step in
    watch) step_watch; exit ;;
    stage) staged_last=$(token) ;;
  esac
  (run_step); say "done $reply"
done
[ -z "$staged_last" ] || (abandon) >/dev/null
