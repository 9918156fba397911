import { chmodSync } from 'node:fs';
import path from 'node:path';
import type { TestHost } from './host.js';

/** Of all that, the machine keeps one empty folder: to remove it would take it from another host that has it mounted. */
const CONFIGURATION = '/etc/windlass';
const OWN_PLACES = `
  cp /etc/shadow /run/shadow && mount --bind /run/shadow /etc/shadow
  mkdir /run/sudoers.d && chmod 750 /run/sudoers.d && mount --bind /run/sudoers.d /etc/sudoers.d
  mount -t tmpfs tmpfs /usr/local
  mkdir -p ${CONFIGURATION} && mount -t tmpfs tmpfs ${CONFIGURATION}
  echo 'windlass:x:990:990::/:/bin/sh' >> /etc/passwd
  echo 'windlass:*:20000:0:99999:7:::' >> /etc/shadow`;

/** Gives the host places of its own for what `windlass host installer` writes, and the user `windlass` without rights. */
export function furnishInstallerPlaces(host: TestHost): void {
  host.exec(OWN_PLACES);
  // sshd reads the keys of a user as that user.
  for (const folder of [host.outside('.'), path.dirname(host.outside('.'))]) chmodSync(folder, 0o711);
}
