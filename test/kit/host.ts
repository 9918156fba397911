import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { bootScript, nginxConfig, siteConfig } from './nginx-config.js';
import { furnishSshServer, type HostLogin, newHostKey, sshServerCommand } from './ssh-server.js';

export interface HostOptions {
  readonly name: string;
  readonly address: string;
  readonly folder: string;
  readonly privateKey: string;
  readonly authorizedKeys: string;
  readonly serverPem: { readonly certificatePem: string; readonly privateKeyPem: string };
  readonly bundlePem: string;
  readonly login?: HostLogin;
}

const PATH = `${process.env.PATH ?? ''}:/usr/sbin:/sbin`;
const BOOT_TIMEOUT_MS = 20_000;

/** One nginx host in mount, UTS and PID namespaces of its own. */
export class TestHost {
  readonly sshPort = 2222;
  readonly httpsPort = 8443;
  readonly user = 'root';
  readonly managedPath = '/etc/nginx/trust/client-ca.pem';
  private child: ChildProcess | null = null;

  constructor(private readonly options: HostOptions) {
    this.furnish();
  }

  get name(): string {
    return this.options.name;
  }

  get address(): string {
    return this.options.address;
  }

  get privateKey(): string {
    return this.options.privateKey;
  }

  /** The key to pin: `ssh-ed25519 AAAA...`. */
  get hostKey(): string {
    return readFileSync(path.join(this.options.folder, 'ssh_host_ed25519_key.pub'), 'utf8')
      .split(' ')
      .slice(0, 2)
      .join(' ');
  }

  /** Where a file of the host lies on this machine. */
  outside(inside: string): string {
    return path.join(this.options.folder, inside);
  }

  readFile(inside: string): string {
    return readFileSync(this.outside(inside), 'utf8');
  }

  writeFile(inside: string, text: string): void {
    writeFileSync(this.outside(inside), text);
  }

  sshdLog(): string {
    return readFileSync(path.join(this.options.folder, 'sshd.log'), 'utf8');
  }

  async powerOn(): Promise<void> {
    const boot = path.join(this.options.folder, 'boot.sh');
    // pdeathsig and kill-child: a killed test run leaves no host behind.
    const args = [
      '--pdeathsig',
      'KILL',
      'unshare',
      '--mount',
      '--uts',
      '--pid',
      '--fork',
      '--kill-child',
      '--mount-proc',
      'sh',
      boot,
    ];
    this.child = spawn('setpriv', args, { stdio: ['ignore', 'ignore', 'pipe'], env: { PATH } });
    let complaint = '';
    this.child.stderr?.on('data', (chunk: Buffer) => {
      complaint += chunk.toString();
    });
    const deadline = Date.now() + BOOT_TIMEOUT_MS;
    while (!(await this.answers(this.sshPort)) || !(await this.answers(this.httpsPort))) {
      if (this.child.exitCode !== null || Date.now() > deadline)
        throw new Error(`${this.name} did not boot: ${complaint}`);
      await sleep(30);
    }
  }

  /** Stops nginx and starts it anew, a second behind the last edit: no file is newer than its workers then. */
  restartNginx(): void {
    this.exec('nginx -s stop; while pgrep -x nginx >/dev/null; do sleep 0.05; done; sleep 1.1; nginx');
  }

  /** Names the bundle in `ssl_crl` as well, and keeps TLS sessions over a reload. The bundle must hold CRLs by now. */
  checkRevocation(): void {
    const site = 'etc/nginx/conf.d/site.conf';
    const more = [
      `ssl_crl ${this.managedPath};`,
      'ssl_session_cache shared:edge:1m;',
      'ssl_session_ticket_key /etc/nginx/tls/ticket.key;',
    ];
    this.exec('head -c 80 /dev/urandom > /etc/nginx/tls/ticket.key');
    const before = this.readFile(site);
    this.writeFile(site, before.replace('ssl_verify_client', `${more.join('\n  ')}\n  ssl_verify_client`));
    this.restartNginx();
  }

  /** SIGKILL of the host's PID 1: everything in it is gone at once, its files stay. */
  async powerOff(): Promise<void> {
    const child = this.child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
    while (await this.answers(this.sshPort)) await sleep(20);
  }

  /**
   * Power off and on, with the boot id that a kernel gives anew at every boot: these hosts share the machine's.
   * Their monotonic clock goes on, as if the host had been up for long.
   */
  async reboot(): Promise<void> {
    await this.powerOff();
    await this.powerOn();
    this.writeFile('run/boot_id', `${randomUUID()}\n`);
    this.exec('mount --bind /run/boot_id /proc/sys/kernel/random/boot_id');
  }

  /** Runs a command inside the host. */
  exec(command: string): string {
    return execFileSync('nsenter', ['-t', String(this.initPid()), '-m', '-u', '-p', 'sh', '-c', command], {
      encoding: 'utf8',
      env: { PATH },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  /**
   * Fault F14: a pending edit adds a `listen` on a port that is taken. `nginx -t` passes, `nginx -s reload`
   * returns 0, and the old configuration stays. The file's time is set back, as an editor or a package may do,
   * so that no preflight can tell. Returns the way to undo it.
   */
  async occupyPort(port = 9443): Promise<() => Promise<void>> {
    const server = net.createServer((socket) => socket.destroy());
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, this.address, resolve);
    });
    const site = 'etc/nginx/conf.d/site.conf';
    const { atime, mtime } = statSync(this.outside(site));
    const before = this.readFile(site);
    this.writeFile(site, before.replace('server {', `server {\n  listen ${this.address}:${port} ssl;`));
    utimesSync(this.outside(site), atime, mtime);
    return async () => {
      this.writeFile(site, before);
      utimesSync(this.outside(site), atime, mtime);
      await new Promise((resolve) => server.close(resolve));
    };
  }

  /** The host comes back with another SSH identity, as a reinstalled or an impostor host would. */
  async changeHostKey(): Promise<void> {
    await this.powerOff();
    newHostKey(this.options.folder);
    await this.powerOn();
  }

  /** The host's first process, as this machine numbers it. */
  initPid(): number {
    const unshare = this.child?.pid ?? 0;
    const [pid] = readFileSync(`/proc/${unshare}/task/${unshare}/children`, 'utf8').trim().split(' ');
    return Number(pid);
  }

  private answers(port: number): Promise<boolean> {
    return new Promise((resolve) => {
      const socket = net.connect(port, this.address);
      socket.once('connect', () => resolve(true));
      socket.once('error', () => resolve(false));
      socket.once('connect', () => socket.destroy());
    });
  }

  private furnish(): void {
    const { folder, address, authorizedKeys, serverPem, bundlePem, name, login = {} } = this.options;
    for (const part of [
      'etc/nginx/conf.d',
      'etc/nginx/trust',
      'etc/nginx/tls',
      'run',
      'var/log/nginx',
      'var/lib/nginx',
      'var/lib/windlass',
      'home',
    ]) {
      mkdirSync(path.join(folder, part), { recursive: true });
    }
    if (existsSync('/etc/nginx/mime.types'))
      cpSync('/etc/nginx/mime.types', path.join(folder, 'etc/nginx/mime.types'));
    this.writeFile('etc/nginx/nginx.conf', nginxConfig());
    this.writeFile('etc/nginx/conf.d/site.conf', siteConfig(address));
    this.writeFile('etc/nginx/tls/server.pem', serverPem.certificatePem);
    this.writeFile('etc/nginx/tls/server.key', serverPem.privateKeyPem);
    this.writeFile('etc/nginx/trust/client-ca.pem', bundlePem);
    furnishSshServer({ folder, address, authorizedKeys, login });
    this.writeFile('boot.sh', bootScript(folder, name, sshServerCommand({ folder, address, login })));
  }
}
