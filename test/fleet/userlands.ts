import { OneHost } from './one-host.js';

/** What the host script starts, but for `flock`, which is an applet on Alpine and none on Debian. */
const APPLETS =
  'awk base64 cat cp cut date dd df env false grep head ls mkdir mktemp mount mv printf readlink rm sed setsid sh sha256sum sleep sort stat sync tail touch tr unshare';

/** The flock of Alpine's busybox: it can be asked, and not told how long to wait. */
const BUSYBOX_FLOCK = `#!/bin/sh
case $1 in -n) exec /usr/bin/flock "$@" ;; esac
echo "flock: invalid option -- '$1'" >&2
exit 1
`;

export interface Userland {
  readonly name: string;
  readonly shell: string;
  /** Everything else is of busybox, too. */
  readonly applets?: boolean;
}

export const USERLANDS: readonly Userland[] = [
  { name: 'dash, as on Debian and Ubuntu', shell: 'dash' },
  { name: 'bash in its POSIX mode, as on Red Hat and SUSE', shell: 'bash' },
  { name: 'busybox ash', shell: 'busybox' },
  { name: 'busybox ash, and the tools are of busybox, as on Alpine', shell: 'busybox', applets: true },
];

/** A real host with another /bin/sh, and other tools. */
export async function bootUserland({ shell, applets }: Userland): Promise<OneHost> {
  const one = await OneHost.boot(applets ? { sessionPath: '/run/applets:/usr/bin:/bin' } : {});
  const make = `mkdir /run/applets && for a in ${APPLETS}; do ln -s "$(command -v busybox)" /run/applets/$a; done`;
  if (applets) {
    one.host.exec(make);
    one.host.writeFile('run/applets/flock', BUSYBOX_FLOCK);
    one.host.exec('chmod +x /run/applets/flock');
  }
  one.host.exec(`cp "$(command -v ${shell})" /run/sh && mount --bind /run/sh "$(readlink -f /bin/sh)"`);
  return one;
}
