/** Puts what came as `.next` in place of the bundle, and back again where nginx does not take it. */
export const SWITCH = `set -e
cd /etc/nginx/trust
sync .next
cp -p client-ca.pem .back
mv -f .next client-ca.pem && sync .
nginx -t -q || { mv -f .back client-ca.pem; exit 1; }
master=$(cat /run/nginx.pid)
old=$(cat /proc/$master/task/$master/children)
nginx -s reload
for pid in $old; do
  while grep -qsa "worker process" /proc/$pid/cmdline && ! grep -qsa "shutting down" /proc/$pid/cmdline; do sleep 0.05; done
done`;

/** What somebody who knows both OpenSSH and nginx would run on each host: one exec, the bundle on its stdin. */
export const REMOTE = `cat > /etc/nginx/trust/.next || exit 1\n${SWITCH}`;
