# Starts a host of the try: what a host has of its own is made at its first start and kept, then nginx and sshd run.
set -eu
mkdir -p /etc/nginx/tls /etc/nginx/trust /root/.ssh /run/sshd
[ -s /etc/ssh/ssh_host_ed25519_key ] || ssh-keygen -q -t ed25519 -N '' -f /etc/ssh/ssh_host_ed25519_key
[ -s /etc/nginx/tls/server.pem ] || openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 365 \
  -subj '/CN=edge.try' -addext 'subjectAltName=DNS:edge.try' \
  -keyout /etc/nginx/tls/server.key -out /etc/nginx/tls/server.pem 2>/dev/null
# Later it is Windlass that changes this file.
[ -s /etc/nginx/trust/client-ca.pem ] || cp /try-state/client-ca.pem /etc/nginx/trust/client-ca.pem
install -m 0600 /try-state/id_ed25519.pub /root/.ssh/authorized_keys
cp /etc/ssh/ssh_host_ed25519_key.pub "/try-state/$(hostname).pub"
nginx
exec /usr/sbin/sshd -D -e
