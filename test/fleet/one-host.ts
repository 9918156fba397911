import { createHash } from 'node:crypto';
import { expect } from 'vitest';
import {
  type ConfirmReport,
  type HostTarget,
  type HostToken,
  PortError,
  Secret,
  type SwitchReport,
} from '#engine';
import { SshHostGateway } from '#host';
import { bootFleet, type HostLogin, makeCa, type TestCa, type TestFleet, type TestHost } from '#kit';
import { TlsProbe } from '#probe';

/** Longer than any test takes: for votes and deadlines that must not pass. */
export const LONG_MS = 600_000;
const PATIENCE = { timeout: 30_000, interval: 50 };

export interface Bundle {
  readonly content: string;
  readonly digest: string;
}

export function bundle(content: string): Bundle {
  return { content, digest: createHash('sha256').update(content).digest('hex') };
}

/** What became of a step: `ok`, or the code of its failure. */
export async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'ok';
  } catch (error) {
    if (!(error instanceof PortError)) throw error;
    expect(JSON.stringify(error.problem)).not.toContain('PRIVATE KEY');
    return error.problem.code;
  }
}

/** One real host, a gateway to it, and one switch from a bundle of one CA to a bundle of two. */
export class OneHost {
  gateway = new SshHostGateway();
  private epoch = 1;
  private serial = 0;
  private login: Partial<HostTarget> = {};

  private constructor(
    private readonly fleet: TestFleet,
    readonly host: TestHost,
    readonly from: Bundle,
    readonly to: Bundle,
    /** The CA of `from`, which is in `to` as well. */
    readonly oldCa: TestCa,
  ) {}

  static async boot(login: HostLogin = {}): Promise<OneHost> {
    const oldCa = await makeCa({ commonName: 'Old' });
    const from = bundle(oldCa.certificatePem);
    const to = bundle(from.content + (await makeCa({ commonName: 'New' })).certificatePem);
    const fleet = await bootFleet({ hosts: 1, bundlePem: from.content, login });
    const [host] = fleet.hosts;
    if (!host) throw new Error('no host');
    return new OneHost(fleet, host, from, to, oldCa);
  }

  async stop(): Promise<void> {
    await this.gateway.close();
    await this.fleet.stop();
  }

  /** A rotation of its own for the next test, and a connection of its own. */
  async begin(): Promise<void> {
    await this.gateway.close();
    this.gateway = new SshHostGateway();
    this.epoch += 1;
    this.serial = 0;
  }

  /** Takes away what was mounted there, as soon as no watcher of an earlier step looks into it. */
  async unmount(path: string): Promise<void> {
    await expect.poll(() => this.host.exec(`umount ${path} 2>&1 || true`), PATIENCE).toBe('');
  }

  /** From now on the host is reached in another way. */
  as(login: Partial<HostTarget>): void {
    this.login = login;
  }

  target(change: Partial<HostTarget> = {}): HostTarget {
    const { name, address, sshPort: port, hostKey, privateKey, managedPath } = this.host;
    return {
      id: name,
      name,
      fleetId: 'fleet-1',
      address,
      port,
      user: 'root',
      hostKey,
      privateKey: new Secret(privateKey),
      managedPaths: [managedPath],
      nginxBinary: 'nginx',
      ...this.login,
      ...change,
    };
  }

  /** The next token of this rotation: whatever is sent later is newer. */
  token(change: Partial<HostToken> = {}): HostToken {
    this.serial += 1;
    const { epoch, serial } = this;
    return { installation: 'test', rotation: `rotation-${epoch}`, epoch, term: 1, serial, ...change };
  }

  stage(token = this.token(), voteMs = LONG_MS, to = this.to, target = this.target()): Promise<void> {
    return this.gateway.stage(target, token, this.from.digest, to, voteMs);
  }

  commit(token = this.token(), deadlineMs = LONG_MS, target = this.target()): Promise<SwitchReport> {
    return this.gateway.commit(target, token, this.from.digest, this.to.digest, deadlineMs);
  }

  renew(token = this.token(), deadlineMs = LONG_MS): Promise<void> {
    return this.gateway.renew(this.target(), token, this.to.digest, deadlineMs);
  }

  confirm(token = this.token()): Promise<ConfirmReport> {
    return this.gateway.confirm(this.target(), token, this.to.digest);
  }

  revert(token = this.token(), target = this.target()): Promise<SwitchReport> {
    return this.gateway.revert(target, token, this.from.digest, this.to.digest);
  }

  discard(token = this.token()): Promise<void> {
    return this.gateway.discard(this.target(), token);
  }

  async transaction() {
    return (await this.gateway.observe(this.target())).transaction;
  }

  async workers(): Promise<readonly number[]> {
    const { nginx } = await this.gateway.observe(this.target());
    return nginx?.workers.filter(({ draining }) => !draining).map(({ pid }) => pid) ?? [];
  }

  live(): string {
    return this.host.readFile('etc/nginx/trust/client-ca.pem');
  }

  trustFolder(): string[] {
    return this.host.exec('ls -A /etc/nginx/trust').trim().split('\n');
  }

  /** Names of the CAs that the workers of nginx offer: what they serve, seen from outside. */
  async served(port = this.host.httpsPort): Promise<readonly string[]> {
    const { address } = this.host;
    const target = { address, port, serverName: 'edge.test', path: '/' };
    return (await new TlsProbe().servedCaNames(target)) ?? [];
  }

  /** Pids of the processes on the host that would put it back. */
  watchers(): number[] {
    const found = this.host.exec('grep -lsa windlass-dead-man /proc/[0-9]*/cmdline || true');
    return (found.match(/\d+/g) ?? []).map(Number).filter((pid) => this.isWatcher(pid));
  }

  async untilNobodyWatches(): Promise<void> {
    await expect.poll(() => this.watchers(), PATIENCE).toEqual([]);
  }

  async untilStep(step: string): Promise<void> {
    await expect.poll(async () => (await this.transaction())?.step, PATIENCE).toBe(step);
  }

  /** The old bundle lies there byte for byte, its workers serve it, and nothing of ours is left. */
  async expectBack(): Promise<void> {
    expect(this.live()).toBe(this.from.content);
    expect(await this.served()).toEqual(['CN=Old']);
    expect(this.trustFolder()).toEqual(['client-ca.pem']);
    await this.untilNobodyWatches();
  }

  async expectSwitched(): Promise<void> {
    expect(this.live()).toBe(this.to.content);
    expect(await this.served()).toEqual(['CN=Old', 'CN=New']);
  }

  private isWatcher(pid: number): boolean {
    return this.host.exec(`tr '\\0' '|' < /proc/${pid}/cmdline || true`).endsWith('|windlass-dead-man|');
  }
}
