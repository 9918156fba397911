import type { TestHost } from '#kit';

/** With the machine's users in it, and nginx as it runs. */
const OWN_PLACES = (nginx: string) => `
  cp -a /etc /run/etc && mount --bind /run/etc /etc && mount --bind '${nginx}' /etc/nginx
  mkdir /run/home && mount --bind /run/home /home
  mount -t tmpfs tmpfs /usr/local`;

/**
 * Makes a host a machine of its own, on which an administrator may add users and install programs: whoever is added logs
 * in with a key in their own home, and nothing of it is seen outside.
 */
export function ownMachine(host: TestHost): void {
  host.exec(OWN_PLACES(host.outside('etc/nginx')));
  host.exec(`cp '${host.outside('ssh_host_ed25519_key.pub')}' /etc/ssh/`);
  const config = host.readFile('sshd_config');
  host.writeFile('sshd_config', config.replace(/^AuthorizedKeysFile .*$/m, '$& .ssh/authorized_keys'));
  host.exec('kill -HUP 1');
}
