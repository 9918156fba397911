import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** How a host is logged in to; what is left out is as on Debian. */
export interface HostLogin {
  readonly sshServer?: 'openssh' | 'dropbear';
  /** The shell of root in the host's passwd, which is given the command of every session. */
  readonly loginShell?: string;
  /** PATH of a session; OpenSSH only. */
  readonly sessionPath?: string;
}

interface SshServer {
  readonly folder: string;
  readonly address: string;
  readonly authorizedKeys: string;
  readonly login: HostLogin;
}

/** Writes the files of the SSH server and of its one user, root. */
export function furnishSshServer(server: SshServer): void {
  const { folder, authorizedKeys, login } = server;
  newHostKey(folder);
  writeFileSync(path.join(folder, 'sshd_config'), sshdConfig(server));
  // A clean login shell: a slow .bashrc would dominate everything that is measured.
  const root = `root:x:0:0:root:${folder}/home:${login.loginShell ?? '/bin/sh'}`;
  const users = readFileSync('/etc/passwd', 'utf8').replace(/^root:.*$/m, root);
  writeFileSync(path.join(folder, 'passwd'), users);
  mkdirSync(path.join(folder, 'home', '.ssh'), { recursive: true, mode: 0o700 });
  cpSync(authorizedKeys, path.join(folder, 'home', '.ssh', 'authorized_keys'));
  if (login.sessionPath)
    writeFileSync(path.join(folder, 'home', '.ssh', 'environment'), `PATH=${login.sessionPath}\n`);
}

export function newHostKey(folder: string): void {
  const key = path.join(folder, 'ssh_host_ed25519_key');
  execFileSync('sh', ['-c', `rm -f '${key}' '${key}.pub' && ssh-keygen -q -t ed25519 -N '' -f '${key}'`]);
}

/** The last line of a boot script: the SSH server in the foreground, as PID 1. */
export function sshServerCommand({ folder, address, login }: Omit<SshServer, 'authorizedKeys'>): string {
  if (login.sshServer === 'dropbear') {
    const key = `${folder}/dropbear_host_key`;
    return `dropbearconvert openssh dropbear ${folder}/ssh_host_ed25519_key ${key} 2>/dev/null
exec dropbear -F -E -s -r ${key} -p ${address}:2222 -P /run/dropbear.pid 2>>${folder}/sshd.log`;
  }
  return `exec $(command -v sshd || echo /usr/sbin/sshd) -D -E ${folder}/sshd.log -f ${folder}/sshd_config`;
}

function sshdConfig({ folder, address, authorizedKeys }: SshServer): string {
  return `Port 2222
ListenAddress ${address}
HostKey ${folder}/ssh_host_ed25519_key
AuthorizedKeysFile ${authorizedKeys}
PermitRootLogin prohibit-password
PasswordAuthentication no
KbdInteractiveAuthentication no
UsePAM no
Subsystem sftp internal-sftp
StrictModes no
PidFile none
MaxStartups 200
MaxSessions 200
LogLevel VERBOSE
UseDNS no
PermitUserEnvironment yes
# /tmp is the machine's, and hosts of other tests have theirs there.
SetEnv TMPDIR=/run/tmp
`;
}
