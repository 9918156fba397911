# The host's side of a rotation, version 6: POSIX sh (dash, busybox ash). The parts in this folder are joined in
# the order that bootstrap.ts names and sent whole over SSH, once for each connection: a host must check and run
# them as one. Then one message after another comes on stdin: `key value` lines up to `end`, then `payload` bytes.
# Each is answered with `key value` lines, `ok` or `fail CODE` and a detail, and a last line `done` with the
# number that the message gave itself.
# It never trusts what it remembers: every step looks at the files and the workers first. And it starts few
# processes, which are what a step costs: functions leave their result in a variable instead of printing it.
LC_ALL=C; export LC_ALL
PATH=$PATH:/usr/sbin:/sbin:/usr/local/sbin; export PATH
umask 022
root=/var/lib/windlass
nl='
'

# False at the end of stdin; what the last message said stays then.
read_message() {
  read -r key value || return 1
  paths='' body='' payload=0 vote=0 deadline=0 stays='' depth=0 level=0 crls=0 log='' columns='' most=0 from='' to='' nginx=nginx nginx_words='' reload_words='' step='' reply=0
  installation='' rotation='' epoch=0 term=0 serial=0 expect='' fleet=''
  while [ "$key" != end ]; do
    case $key in
      reply) reply=$value ;;
      step) step=$value ;;
      expect) expect=$value ;;
      fleet) fleet=$value ;;
      path) paths=$paths$value$nl ;;
      nginx) nginx=$value ;;
      nginx-word) nginx_words=$nginx_words$value$nl ;;
      reload-word) reload_words=$reload_words$value$nl ;;
      from) from=$value ;;
      to) to=$value ;;
      installation) installation=$value ;;
      rotation) rotation=$value ;;
      epoch) epoch=$value ;;
      term) term=$value ;;
      serial) serial=$value ;;
      vote) vote=$value ;;
      deadline) deadline=$value ;;
      stays) stays=$value ;;
      payload) payload=$value ;;
      depth) depth=$value ;;
      level) level=$value ;;
      crls) crls=$value ;;
      log) log=$value ;;
      columns) columns=$value ;;
      most) most=$value ;;
    esac
    read -r key value || return 1
  done
  for number in "$reply" "$epoch" "$term" "$serial" "$vote" "$deadline" "$payload" "$depth" "$level" "$crls" "$most"; do
    case $number in
      ''|*[!0-9]*|?????????????????*) fail host.script-failed "not a number of at most 16 digits: $number" ;;
    esac
  done
  # They become names of files.
  case $fleet in ''|*[!A-Za-z0-9-]*) fail host.script-failed "not a fleet: $fleet" ;; esac
  case $from$to in *[!0-9a-f]*) fail host.script-failed "not a SHA-256: $from, $to" ;; esac
  home=$root/$fleet
  [ "$payload" = 0 ] || read_body
}
# Read whatever becomes of the step, so that the next message begins where it does. Its last byte is a dot, which
# keeps the newlines before it.
read_body() {
  body=$(dd bs="$payload" count=1 iflag=fullblock 2>/dev/null) || body=$(dd bs=1 count="$payload" 2>/dev/null)
  body=${body%.}
}

# ---- installed --------------------------------------------------------------------------------------------
# Where an administrator installed this script, whoever logs in may only ask for what `owner` allows: its managed
# paths, its nginx and its way to reload. All three would otherwise let them do anything as root.
own='' owner=''
obey_owner() {
  [ -n "$owner" ] || return 0
  [ "$expect" = "$own" ] || fail host.other-script "the script installed here has SHA-256 $own, expected $expect"
  allowed=$nl logs=$nl nginx=nginx nginx_words='' reload_words=''
  [ -r "$owner" ] || fail host.not-installed "$owner is not there"
  while read -r key value; do
    case $key in
      path) allowed=$allowed$value$nl ;;
      log) logs=$logs$value$nl ;;
      nginx) nginx=$value ;;
      nginx-word) nginx_words=$nginx_words$value$nl ;;
      reload-word) reload_words=$reload_words$value$nl ;;
    esac
  done < "$owner"
  case $logs in *"$nl$log$nl"*) ;; *) [ -z "$log" ] || fail host.path-not-allowed "$log is not in $owner" ;; esac
  todo=$paths
  while [ -n "$todo" ]; do
    path=${todo%%"$nl"*} todo=${todo#*"$nl"}
    case $allowed in *"$nl$path$nl"*) ;; *) fail host.path-not-allowed "$path is not in $owner" ;; esac
  done
}

# What the step answers, told at once with its end: each write is a packet.
answer=''
b64() { base64 | tr -d '\n'; }
say() { printf '%s\n' "$*"; }
# A step that fails was heard all the same.
pending=''
fail() {
  code=$1; shift
  keep_token
  printf 'fail %s\n@detail ' "$code"; printf %s "$*" | b64; say ''
  exit 1
}

# Runs a command that writes and may be repeated: the complaint of a second try decides which failure it is.
must() {
  "$@" 2>/dev/null && return 0
  out=$("$@" 2>&1) && return 0
  drop_staged
  case $out in
    *'No space left'*|*'Disk quota'*) fail host.disk-full "$out" ;;
    *'Permission denied'*|*'Read-only'*|*'not permitted'*) fail host.no-permission "$out" ;;
    *) fail host.script-failed "$out" ;;
  esac
}
# put TEXT FILE. Through cat when it fails: the printf of dash calls a full disk an I/O error.
put() { { printf %s "$1" > "$2"; } 2>/dev/null || must put_through_cat "$1" "$2"; }
put_through_cat() { printf %s "$1" | cat > "$2"; }
add() { { printf %s "$1" >> "$2"; } 2>/dev/null || must add_through_cat "$1" "$2"; }
add_through_cat() { printf %s "$1" | cat >> "$2"; }
flush() { sync "$@" 2>/dev/null || sync; }

# `sum` becomes the SHA-256 of the file, or nothing.
read_sum() { sum=$(sha256sum < "$1" 2>/dev/null) || sum=''; sum=${sum%% *}; }

# `real`: the file behind the links of `path`. A process only where the file itself is a link.
read_real() {
  if [ -L "$path" ]; then real=$(readlink -f "$path"); return; fi
  cd -P "${path%/*}/" 2>/dev/null || return
  real=${PWD%/}/${path##*/}; cd /
}
# Calls a function with the real file behind every managed path; the real file is what a rename must replace.
# `reals` holds them for the rest of the step.
reals=''
find_reals() {
  [ -z "$reals" ] || return 0
  todo=$paths
  while [ -n "$todo" ]; do
    path=${todo%%"$nl"*} todo=${todo#*"$nl"}
    read_real && [ -f "$real" ] || fail host.path-missing "$path"
    # One file by two names is switched once.
    case $nl$reals in *"$nl$real$nl"*) ;; *) reals=$reals$path$nl$real$nl ;; esac
  done
}
each_path() {
  find_reals
  list=$reals
  while [ -n "$list" ]; do
    path=${list%%"$nl"*} list=${list#*"$nl"}
    real=${list%%"$nl"*} list=${list#*"$nl"}
    staged=${real%/*}/.windlass-staged-${real##*/} back=${real%/*}/.windlass-back-${real##*/}
    "$@"
  done
}
forget_one() {
  [ ! -e "$staged" ] || leftovers=$leftovers$staged$nl
  [ ! -e "$back" ] || leftovers=$leftovers$back$nl
}
drop_staged() {
  leftovers=''
  [ -z "$paths" ] || each_path forget_one
  for new in "$home"/generations/*.new; do [ ! -e "$new" ] || leftovers=$leftovers$new$nl; done
  [ -n "$leftovers" ] || return 0
  IFS=$nl
  # Names with a star in them are names.
  set -f; rm -f -- $leftovers; set +f
  unset IFS
} 2>/dev/null
