import { createHash } from 'node:crypto';
import { hostScript } from './bootstrap.js';
import type { Program } from './connection.js';

const PROGRAM = '/usr/local/libexec/windlass-host';
const OWNER = '/etc/windlass/host.conf';
const END_OF_PROGRAM = 'END_OF_WINDLASS_HOST';

/** What an administrator lets Windlass do on one host. */
export interface HostPermission {
  /** The user who logs in; a name as useradd(8) takes it. */
  readonly user: string;
  /** Absolute paths of the bundles that may be switched. */
  readonly managedPaths: readonly string[];
  /** Absolute path of the access log that names clients; none may be read when left out. */
  readonly clientLog?: string;
  readonly nginxBinary: string;
  readonly nginxArguments?: readonly string[];
  /** SIGHUP to the master of nginx when left out. */
  readonly reloadCommand?: readonly string[];
}

/** How the installed program is started, and the digest that it has in this release. */
export function installedProgram(): Program & { readonly sha256: string } {
  const sha256 = createHash('sha256').update(programText()).digest('hex');
  return { command: `sudo -n ${PROGRAM}`, preamble: '', sha256 };
}

/**
 * A POSIX sh script for root: it installs the host program, what it may touch, and the one line of sudoers(5) that
 * lets the user start it without arguments. It changes nothing else and may be run again. Throws RangeError for a
 * name or a path that cannot be one.
 */
export function installerScript(permission: HostPermission): string {
  check(permission);
  const { user } = permission;
  return `#!/bin/sh
# Lets the user ${user} rotate the client CAs of nginx on this host through Windlass, and nothing else. Run as root.
set -eu
umask 022
[ "$(id -u)" = 0 ] || { echo "Run this as root." >&2; exit 1; }
id -u ${user} >/dev/null 2>&1 || { echo "There is no user ${user}: useradd --system --create-home --shell /bin/sh --password '*' ${user}" >&2; exit 1; }
command -v visudo >/dev/null || { echo "sudo is missing: apt-get install sudo" >&2; exit 1; }
mkdir -p ${dirOf(PROGRAM)} ${dirOf(OWNER)} /var/lib/windlass
chmod 0700 /var/lib/windlass
cat > ${PROGRAM}.new <<'${END_OF_PROGRAM}'
${programText()}${END_OF_PROGRAM}
chown root:root ${PROGRAM}.new && chmod 0755 ${PROGRAM}.new && mv -f ${PROGRAM}.new ${PROGRAM}
cat > ${OWNER}.new <<'END_OF_PERMISSION'
${ownerText(permission)}END_OF_PERMISSION
chown root:root ${OWNER}.new && chmod 0644 ${OWNER}.new && mv -f ${OWNER}.new ${OWNER}
echo '${user} ALL=(root) NOPASSWD: ${PROGRAM} ""' > /etc/sudoers.d/windlass.new
chmod 0440 /etc/sudoers.d/windlass.new
visudo -cqf /etc/sudoers.d/windlass.new
mv -f /etc/sudoers.d/windlass.new /etc/sudoers.d/windlass
echo "${user} may start ${PROGRAM}; what it may touch is in ${OWNER}."
`;
}

/** The script as a file: its dead-man starts it anew from there. */
function programText(): string {
  return `#!/bin/sh
program=${PROGRAM}
s=". $program"
${hostScript().replace("own='' owner=''", `own='' owner=${OWNER}`)}
`;
}

function ownerText(permission: HostPermission) {
  const { managedPaths, clientLog, nginxBinary, nginxArguments = [], reloadCommand = [] } = permission;
  return [
    ...managedPaths.map((path) => `path ${path}`),
    ...(clientLog === undefined ? [] : [`log ${clientLog}`]),
    `nginx ${nginxBinary}`,
    ...nginxArguments.map((word) => `nginx-word ${word}`),
    ...reloadCommand.map((word) => `reload-word ${word}`),
  ]
    .map((line) => `${line}\n`)
    .join('');
}

function check(permission: HostPermission) {
  const { user, managedPaths, clientLog, nginxBinary, nginxArguments = [], reloadCommand = [] } = permission;
  const paths = clientLog === undefined ? managedPaths : [...managedPaths, clientLog];
  if (!/^[a-z_][a-z0-9_-]{0,31}$/.test(user)) throw new RangeError(`"${user}" is not the name of a user`);
  const [relative] = paths.filter((path) => !path.startsWith('/'));
  if (relative !== undefined) throw new RangeError(`"${relative}" is not an absolute path`);
  if (managedPaths.length === 0) throw new RangeError('name one managed path at least');
  const broken = [...paths, nginxBinary, ...nginxArguments, ...reloadCommand].find((word) =>
    /\p{Cc}/u.test(word),
  );
  if (broken !== undefined) throw new RangeError(`"${broken}" holds a control character`);
}

function dirOf(file: string): string {
  return file.slice(0, file.lastIndexOf('/'));
}
