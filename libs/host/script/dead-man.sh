
# ---- dead-man ---------------------------------------------------------------------------------------------
# A process that drops what was staged when its vote runs out, and puts `from` back when nobody confirms in time.
# It is there from the stage on, so that a switch waits for no process to start. It has a session of its own and no
# file of the step that started it, so it outlives sshd and the connection. It obeys `state` alone: whoever writes
# another deadline moves it, whoever writes another step or watcher ends it, and the lock decides who was first.
# What ends it unasked: a reboot (see forget_ticks), and a logind with KillUserProcesses=yes where the user is not
# root. `observe` then says that nothing is armed.
alive() { [ -n "$s_watcher" ] && read_started "${s_watcher% *}" && [ "$at" = "${s_watcher#* }" ]; }
armed() { [ "$s_step" = committed ] && alive; }
disarm() {
  s_deadline=0
  [ "$s_watcher" = "$me" ] || dismissed=$s_watcher
  s_watcher=''
}
# Once `state` says that there is nothing to watch over: with its `sleep`, which is of its group. One that is missed
# here sees it by itself.
me='' dismissed=''
dismiss() {
  [ -z "$dismissed" ] || ! read_started "${dismissed% *}" || [ "$at" != "${dismissed#* }" ] ||
    kill -TERM "-${dismissed% *}" 2>/dev/null
  dismissed=''
}
say_armed() {
  armed || return 0
  read_ticks; left=$(((s_deadline - now) * 10))
  [ "$left" -gt 0 ] || left=0
  answer="${answer}armed $left$nl"
}

# What the watcher is told: `watcher_message`.
write_watcher_message() {
  watcher_message="step watch${nl}fleet ${home##*/}${nl}nginx $nginx${nl}expect $own"
  watcher_message="$watcher_message${nl}vote $vote${nl}deadline $deadline${nl}rotation $s_owner${nl}from $s_from${nl}to $s_to"
  list_words nginx-word "$nginx_words"; list_words reload-word "$reload_words"; list_words path "$paths"
  watcher_message="$watcher_message${nl}end"
}
list_words() {
  items=$2
  while [ -n "$items" ]; do
    watcher_message="$watcher_message$nl$1 ${items%%"$nl"*}"; items=${items#*"$nl"}
  done
}
# What a watcher is at first: a shell that says who it is and sleeps. It reads the script, and what it is told, when
# something may be due. `s` is this very script, as the bootstrap left it.
watcher='read -r line < /proc/$$/stat; set -- ${line##*) }; echo "$$ ${20}"; exec >/dev/null; cd /; sleep "$nap"
eval "$s" <<MESSAGE
$watcher_message
MESSAGE
'
# `$()` ends when the watcher has said who it is and let go of its stdout, or has died: no time is guessed.
watch_over() {
  alive && return 0
  write_watcher_message
  left=$(((vote + deadline) / 10)); nap
  s_watcher=$(
    export s nap watcher_message
    setsid /bin/sh -c "$watcher" windlass-dead-man </dev/null 2>/dev/null 9>&- &
  )
  alive
}
no_watcher() { fail host.script-failed "no process can be left here to put the old bundle back (setsid is needed)"; }
# A watcher sleeps until what it knows of is due: one that would wake too late is replaced, once another is there.
arm() {
  read_ticks
  case $s_step in staged) due=${s_vote:-0} ;; *) due=$s_deadline ;; esac
  old=$s_watcher next=$((now + deadline / 10))
  [ "$next" -ge "$due" ] || s_watcher=''
  watch_over || { s_watcher=$old; no_watcher; }
  s_deadline=$next
  [ "$s_watcher" = "$old" ] || dismissed=$old
}

# Hundredths of a second until there is something to do; the vote counts until the switch.
read_left() {
  read_ticks
  case $s_step in staged) left=$((s_vote - now)) ;; *) left=$((s_deadline - now)) ;; esac
}
# `nap`: the seconds until then, ten at most.
nap() {
  case $left in
    ?) nap=0.0$left ;;
    ??) nap=0.$left ;;
    ???) nap=${left%??}.${left#?} ;;
    *) nap=10 ;;
  esac
}
watched() {
  case $s_step in staged|committed) ;; *) return 1 ;; esac
  [ "$s_owner $s_from $s_to $s_watcher" = "$rotation $from $to $me" ]
}
strike() {
  lock
  watched && read_left && [ "$left" -le 0 ] || return 0
  case $s_step in
    staged) lapse ;;
    committed) go_back; disarm; write_state returned ;;
  esac
}
# Looks every ten seconds and starts one `sleep` for it: hundreds may run on one machine. Nothing is due before what
# it was started for. The lock is waited for when the step that started this has yet to write that it did, and taken
# to strike. Both in a shell of its own: one
# that fails (a full disk, a reload that does not take) is tried again, since nobody else may ever come.
step_watch() {
  read_started $$; me="$$ $at"
  exec </dev/null
  read_state
  [ "$s_watcher" = "$me" ] || until (lock); do sleep 1; done
  while read_state; watched; do
    read_left
    case $left in
      0|-*) (strike) || sleep 5 ;;
      *) nap; sleep "$nap" ;;
    esac
  done
}
