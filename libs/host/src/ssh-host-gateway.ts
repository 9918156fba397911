import {
  type BundleFile,
  type ClientLogPlace,
  type ClientSightings,
  type ConfirmReport,
  HostGateway,
  type HostObservation,
  type HostOpenssl,
  type HostTarget,
  type HostToken,
  type OpensslAnswer,
  type OpensslQuestion,
  PortError,
  type SwitchReport,
} from '#engine';
import { hostProgram } from './bootstrap.js';
import { HostConnection } from './connection.js';
import { noAgent, stepFailure, unreachable } from './failures.js';
import { installedProgram } from './installer.js';
import { JumpHosts } from './jump-hosts.js';
import { dial } from './log-in.js';
import { OpenConnections, type Reaching, type Vote } from './open-connections.js';
import { Reply } from './reply.js';
import { type Step, stepMessage } from './step-message.js';

/** A step waits at most 20 s for its lock and 10 s for a reload. */
const STEP_TIMEOUT_MS = 45_000;
/** It takes no lock and starts nothing. */
const LEAVE_TIMEOUT_MS = 10_000;
/** awk takes a second for them. */
const MOST_LOG_BYTES = 64 << 20;

/** Which steps have a host hold what was staged until somebody decides, and which decide. */
const VOTES: Readonly<Record<string, Vote>> = {
  stage: 'begins',
  commit: 'ends',
  revert: 'ends',
  discard: 'ends',
};

/** Drives hosts over SSH with the host script, one connection per host for all steps of a rotation. */
export class SshHostGateway extends HostGateway {
  private readonly sent = hostProgram();
  private readonly installed = installedProgram();
  private readonly connections: OpenConnections;
  private readonly jumps: JumpHosts;

  /**
   * `agent`: the socket of the SSH agent that logs in to hosts without a private key; null when there is none.
   * `mostIdle`: so many connections are kept at most to hosts that nothing is asked of at present.
   */
  constructor(
    private readonly agent: string | null = null,
    mostIdle?: number,
  ) {
    super();
    this.jumps = new JumpHosts(agent);
    const reaching: Reaching = {
      reach: (host, forget) => this.reach(host, forget),
      leave: (host, connection) => this.leave(host, connection),
    };
    this.connections = new OpenConnections(reaching, mostIdle);
  }

  async observe(host: HostTarget): Promise<HostObservation> {
    return (await this.step(host, 'observe', {})).observation();
  }

  async openssl(host: HostTarget): Promise<HostOpenssl | null> {
    try {
      return (await this.step(host, 'openssl', {})).openssl();
    } catch (error) {
      if (error instanceof PortError && error.problem.code === 'host.no-openssl') return null;
      throw error;
    }
  }

  async verify(host: HostTarget, question: OpensslQuestion): Promise<OpensslAnswer> {
    const { store, sent, leaf, depth, securityLevel, checkCrls } = question;
    // In base64, because a bundle of bad bytes must arrive as it is.
    const body = [store, sent, leaf].map((text) => `${Buffer.from(text).toString('base64')}\n`).join('');
    const args = { depth, level: securityLevel, crls: checkCrls ? 1 : 0 };
    return (await this.step(host, 'verify', args, body)).opensslAnswer();
  }

  async clients(host: HostTarget, { path, columns }: ClientLogPlace): Promise<ClientSightings> {
    const { time, verify, serial, issuer, subject } = columns;
    const args = {
      log: path,
      columns: [time, verify, serial, issuer, subject].join(' '),
      most: MOST_LOG_BYTES,
    };
    const said = (await this.step(host, 'clients', args)).clientSightings();
    if (said !== null) return said;
    const detail = 'the count of clients did not come to its end';
    throw stepFailure(host, 'clients', 'host.script-failed', detail);
  }

  async tryBundle(host: HostTarget, content: string): Promise<void> {
    await this.step(host, 'try', {}, content);
  }

  async stage(
    host: HostTarget,
    token: HostToken,
    from: string,
    to: BundleFile,
    voteMs: number,
  ): Promise<void> {
    const args = { ...ordered(token), from, to: to.digest, vote: wholeMs(voteMs) };
    await this.step(host, 'stage', args, to.content);
  }

  async commit(
    host: HostTarget,
    token: HostToken,
    from: string,
    to: string,
    deadlineMs: number | null,
  ): Promise<SwitchReport> {
    const ends = deadlineMs === null ? { stays: 'yes' } : { deadline: wholeMs(deadlineMs) };
    const args = { ...ordered(token), from, to, ...ends };
    return (await this.step(host, 'commit', args)).switchReport();
  }

  async renew(host: HostTarget, token: HostToken, to: string, deadlineMs: number): Promise<void> {
    await this.step(host, 'renew', { ...ordered(token), to, deadline: wholeMs(deadlineMs) });
  }

  async confirm(host: HostTarget, token: HostToken, to: string): Promise<ConfirmReport> {
    return (await this.step(host, 'confirm', { ...ordered(token), to })).confirmReport();
  }

  async revert(host: HostTarget, token: HostToken, from: string, to: string): Promise<SwitchReport> {
    return (await this.step(host, 'revert', { ...ordered(token), from, to })).switchReport();
  }

  async discard(host: HostTarget, token: HostToken): Promise<void> {
    await this.step(host, 'discard', ordered(token));
  }

  /** Ends every connection. */
  async close(): Promise<void> {
    await this.connections.close();
    await this.jumps.close();
  }

  private async step(
    host: HostTarget,
    step: string,
    args: Readonly<Record<string, string | number>>,
    payload: string | null = null,
  ): Promise<Reply> {
    const { stdout, stderr, whole } = await this.connections.use(host, VOTES[step] ?? 'stays', (connection) =>
      this.say(host, connection, { name: step, args, payload }, STEP_TIMEOUT_MS),
    );
    const reply = new Reply(stdout);
    if (reply.ok && whole) return reply;
    const code = reply.first('fail');
    // What runs there was read when the connection was opened: another one reads what is installed by then.
    if (code === 'host.other-script') this.connections.end(host);
    if (code === null && host.access === 'installed' && /^sudo: /m.test(stderr)) {
      throw stepFailure(host, step, 'host.not-installed', stderr);
    }
    if (code === null && stderr === '') throw unreachable(host, `${step} was cut off`);
    throw stepFailure(host, step, code ?? 'host.script-failed', reply.text('detail') ?? stderr);
  }

  /** Has the host stand by its vote over a connection that is about to end. */
  private async leave(host: HostTarget, connection: HostConnection): Promise<void> {
    await this.say(host, connection, { name: 'leave', args: {}, payload: null }, LEAVE_TIMEOUT_MS);
  }

  private say(host: HostTarget, connection: HostConnection, step: Step, timeoutMs: number) {
    const installed = host.access === 'installed';
    const message = stepMessage(host, step, installed ? this.installed.sha256 : null);
    return connection.ask(installed ? this.installed : this.sent, message, timeoutMs);
  }

  private async reach(host: HostTarget, forget: () => void): Promise<HostConnection> {
    if (host.privateKey === null && this.agent === null) throw noAgent(host, null);
    const stream = host.jump ? await this.jumps.through(host.jump, host) : dial(host);
    return HostConnection.open(host, stream, this.agent, forget);
  }
}

/** The token and nothing else that the object may hold: every key is an argument of the host script. */
function ordered({ installation, rotation, epoch, term, serial }: HostToken) {
  return { installation, rotation, epoch, term, serial };
}

function wholeMs(milliseconds: number): number {
  return Math.max(0, Math.trunc(milliseconds));
}
