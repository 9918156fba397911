# The host's side of a rotation, version 3: POSIX sh (dash, busybox ash). The parts in this folder are joined in
# the order that bootstrap.ts names and sent whole over SSH, once for each connection: a host must check and run
# them as one. Then one message after another comes on stdin: `key value` lines up to `end`, then `payload` bytes.
# Each is answered with `key value` lines, `ok` or `fail CODE` and a detail, and a last line `done` with the
# number that the message gave itself.
# It never trusts what it remembers: every step looks at the files and the workers first.
LC_ALL=C; export LC_ALL
PATH=$PATH:/usr/sbin:/sbin:/usr/local/sbin; export PATH
umask 022
root=/var/lib/windlass
nl='
'

# False at the end of stdin; what the last message said stays then.
read_message() {
  read -r key value || return 1
  paths='' body='' payload=0 vote=0 deadline=0 from='' to='' nginx=nginx step='' reply=0
  installation='' rotation='' epoch=0 term=0 serial=0
  while [ "$key" != end ]; do
    case $key in
      reply) reply=$value ;;
      step) step=$value ;;
      fleet) home=$root/$value ;;
      path) paths=$paths$value$nl ;;
      nginx) nginx=$value ;;
      from) from=$value ;;
      to) to=$value ;;
      installation) installation=$value ;;
      rotation) rotation=$value ;;
      epoch) epoch=$value ;;
      term) term=$value ;;
      serial) serial=$value ;;
      vote) vote=$value ;;
      deadline) deadline=$value ;;
      payload) payload=$value ;;
    esac
    read -r key value || return 1
  done
  for number in "$reply" "$epoch" "$term" "$serial" "$vote" "$deadline" "$payload"; do
    case $number in
      ''|*[!0-9]*|?????????????????*) fail host.script-failed "not a number of at most 16 digits: $number" ;;
    esac
  done
  [ "$payload" = 0 ] || read_body
}
# Read whatever becomes of the step, so that the next message begins where it does. The dot keeps newlines at its
# end.
read_body() {
  body=$(dd bs="$payload" count=1 iflag=fullblock 2>/dev/null || dd bs=1 count="$payload" 2>/dev/null; say .)
  body=${body%.}
}

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
