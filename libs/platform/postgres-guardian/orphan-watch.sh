# Ends PostgreSQL when its guardian was killed and no other one came.
#   sh orphan-watch.sh <data folder> <seconds that another guardian has>
# Stdin is a pipe from the guardian, which the kernel closes whatever ends it. No Node, so that whoever kills
# all of that (`killall -9 node`) leaves this process alone. The guardian ends it when it stops by itself.
folder=$1
grace=$2

# A pid proves nothing by itself: it may be anybody's by now.
names() {
  [ -n "$1" ] || return 1
  if [ -r "/proc/$1/cmdline" ]; then tr '\0' '\n' <"/proc/$1/cmdline"; else ps -p "$1" -o command= | tr ' ' '\n'; fi |
    grep -qxF -- "$2"
}

read -r _
sleep "$grace"
guardian=$(sed -n 's/.*"pid":\([0-9]*\).*/\1/p' "$folder/guardian.json")
names "$guardian" "$folder" && exit 0
data=$(cd -P "$folder/cluster/data" && pwd)
server=$(head -n 1 "$data/postmaster.pid")
names "$server" "$data" || exit 0
printf '{"message":"no guardian came, stopping PostgreSQL","pid":%s}\n' "$server" >>"$folder/guardian.log"
kill -INT "$server"
