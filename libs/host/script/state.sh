
# ---- time, state, token, lock -----------------------------------------------------------------------------
# `now`: hundredths of a second since boot, the only clock that counts here, because a wall clock may jump.
read_ticks() { read -r up _ < /proc/uptime; now=${up%.*}${up#*.}; }
# `at`: when a process was started, by that clock. False when it is gone.
read_started() {
  at=''
  { read -r line < "/proc/$1/stat"; } 2>/dev/null || return 1
  set -- ${line##*) }
  [ "$1" != Z ] && at=${20}
}

# Token: the highest that was ever seen. `owner` is the rotation whose switch from `from` to `to` this is: a
# message of another rotation may raise the token without touching the switch. `switched` is when the first file
# may have been renamed, `renamed` the last, `reloaded` the reload after it. `watcher` is a pid and its start.
state_keys='installation rotation epoch term serial step owner from to vote switched renamed reloaded deadline watcher boot'
s_installation='' s_rotation='' s_epoch=0 s_term=0 s_serial=0 s_step='' s_owner='' s_from='' s_to=''
s_vote='' s_switched=0 s_renamed=0 s_reloaded=0 s_deadline=0 s_watcher='' s_boot=''
t_installation='' t_rotation='' t_epoch='' t_term='' t_serial='' t_step='' t_owner='' t_from='' t_to=''
t_vote='' t_switched='' t_renamed='' t_reloaded='' t_deadline='' t_watcher='' t_boot=''
# The file is a list of records. The first has all keys between `begin` and `end`; each of the others has what is no
# longer as it was, between `also` and `end`, and counts where it is whole. So a record is added by the shell itself,
# without a process and a rename, and one that was cut off (a full disk, a loss of power) is as if it had never been.
# A stage begins the list anew. Short, because a shell reads it byte by byte.
LONGEST_LIST=16
records=0
read_state() {
  read -r boot < /proc/sys/kernel/random/boot_id
  records=0
  [ -f "$home/state" ] || { s_step='' s_boot=$boot; return 0; }
  record='' whole=''
  while read -r key value; do
    case $key in
      begin) record='' ;;
      also) record=$whole ;;
      end) whole=$record records=$((records + 1)) ;;
      *) record="$record$key $value$nl" ;;
    esac
  done < "$home/state"
  [ "$records" -gt 0 ] || whole=$record
  while [ -n "$whole" ]; do
    line=${whole%%"$nl"*} whole=${whole#*"$nl"} key=${line%% *}
    case " $state_keys " in *" $key "*) eval "s_$key=\${line#* } t_$key=\${line#* }" ;; esac
  done
  [ "$s_boot" = "$boot" ] || forget_ticks
}
# Ticks of another boot mean nothing. Every process of this boot is younger than all that was done before it, a
# vote has run out, and no watcher is left: nothing goes back by itself after a reboot. The host keeps the file
# that it has, its nginx started with that, and the next step reconciles.
forget_ticks() {
  [ "$s_switched" = 0 ] || s_switched=1
  [ "$s_renamed" = 0 ] || s_renamed=1
  [ "$s_reloaded" = 0 ] || s_reloaded=1
  s_vote=${s_vote:+0} s_deadline=0 s_watcher='' s_boot=$boot
}
state_lines() { lines=''; for key in "$@"; do eval "lines=\$lines\$key' '\$s_$key\$nl t_$key=\$s_$key"; done; }
# `changed`: the keys that no longer are as the file tells them, in `t_KEY`.
read_changed() {
  changed=''
  for key in $state_keys; do eval "[ \"\$s_$key\" = \"\$t_$key\" ] || changed=\"\$changed \$key\""; done
}
# Enough for what a loss of power may take back: a vote, a deadline and a watcher count for nothing in another boot.
note_state() {
  put_record "$1"
  [ -z "$begun" ] || must mv -f "$home/state.new" "$home/state"
  dismiss
}
write_state() {
  put_record "$1"
  [ -z "$begun" ] || { flush "$home/state.new"; must mv -f "$home/state.new" "$home/state"; }
  flush "$home/state" "$home"
  dismiss
}
# `begun` when it is the first of a new list, in `state.new`.
put_record() {
  s_step=$1 pending='' begun=''
  if [ "$records" -gt 0 ] && [ "$records" -lt "$LONGEST_LIST" ]; then
    read_changed; state_lines $changed
    # The newline ends what was cut off before it.
    add "${nl}also$nl${lines}end$nl" "$home/state"
  else
    state_lines $state_keys
    put "begin$nl${lines}end$nl" "$home/state.new"; begun=yes records=0
  fi
  records=$((records + 1))
}

# Numbers have up to 53 bits, more than `test` takes in some shells: compared in halves, nine digits and the rest.
higher() {
  a=000000000$1 b=000000000$2
  high_a=${a%?????????} high_b=${b%?????????}
  [ "$high_a" -gt "$high_b" ] && return 0
  [ "$high_a" -eq "$high_b" ] && [ "${a#"$high_a"}" -gt "${b#"$high_b"}" ]
}
newer_token() {
  for pair in "$epoch $s_epoch" "$term $s_term" "$serial $s_serial"; do
    higher "${pair% *}" "${pair#* }" && return 0
    higher "${pair#* }" "${pair% *}" && return 1
  done
  return 1
}
check_token() {
  if [ "$s_installation" != "$installation" ]; then
    case $s_step in
      staged|committed) fail host.stale-token "installation $s_installation is in the middle of a rotation here" ;;
    esac
    return 0
  fi
  [ "$s_epoch" != "$epoch" ] || [ -z "$s_rotation" ] || [ "$s_rotation" = "$rotation" ] ||
    fail host.foreign-rotation "epoch $epoch is rotation $s_rotation here, not $rotation"
  newer_token ||
    fail host.stale-token "token $epoch.$term.$serial is not newer than $s_epoch.$s_term.$s_serial"
}
# It is written with the next state, flushed before anything that clients could notice, and at the end of the step
# even if that fails: so nothing older acts behind this message.
take_token() {
  s_installation=$installation s_rotation=$rotation s_epoch=$epoch s_term=$term s_serial=$serial
  [ -n "$s_step" ] || s_step=discarded s_owner=$rotation s_from=$from s_to=$to
  pending=yes
}
keep_token() { [ -z "$pending" ] || note_state "$s_step"; }

# The lock is held inside one step and never while anything waits for a person or a network.
lock() {
  [ -d "$home/generations" ] || must mkdir -p "$home/generations"
  [ -w "$home/lock" ] || must touch "$home/lock"
  exec 9>>"$home/lock"
  await_lock || fail host.busy "another step holds $home/lock"
  read_state
}
# Asked for again and again, because the flock of busybox has no -w.
await_lock() {
  read_ticks; last=$((now + 2000))
  until flock -n 9 2>/dev/null; do
    command -v flock >/dev/null || fail host.script-failed "flock is not there"
    read_ticks; [ "$now" -lt "$last" ] || return 1
    sleep 0.05
  done
}
enter() { lock; check_token; take_token; }
ours() { [ "$s_owner" = "$rotation" ] && [ "$s_to" = "$to" ]; }
