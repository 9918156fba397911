# The SSH key with which Windlass logs in to the hosts, made once. /try-state is shared by all that belong to the try.
set -eu
[ -s /try-state/id_ed25519 ] || ssh-keygen -q -t ed25519 -N '' -C windlass-try -f /try-state/id_ed25519
# Who enrols the hosts runs as Windlass does, without root.
chown 10001:10001 /try-state/id_ed25519
