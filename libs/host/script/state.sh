
# ---- state and lock ---------------------------------------------------------------------------------------
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
