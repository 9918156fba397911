import type { OpensslAnswer, OpensslQuestion } from './chain-verifier.js';
import type { Secret } from './secret.js';

/** A server that speaks SSH, and how to log in to it. */
export interface SshServer {
  readonly address: string;
  readonly port: number;
  readonly user: string;
  /** The pinned server key in OpenSSH's form: `ssh-ed25519 AAAA...`. Any other key is refused before authentication. */
  readonly hostKey: string;
  /** Null: the keys are those of the SSH agent of the worker. */
  readonly privateKey: Secret | null;
}

/** One nginx host: how to reach it and which of its files are ours to switch. */
export interface HostTarget extends SshServer {
  readonly id: string;
  readonly name: string;
  readonly fleetId: string;
  /** The server that passes connections on to it; null or left out: it is reached directly. */
  readonly jump?: SshServer | null;
  /** Absolute paths of the client-CA bundles that Windlass manages. Every other file stays untouched. */
  readonly managedPaths: readonly string[];
  /** The nginx binary on the host, `nginx` by default. */
  readonly nginxBinary: string;
  /** What nginx is always given there, such as `-p /opt/nginx -c conf/nginx.conf`, word by word. */
  readonly nginxArguments?: readonly string[];
  /** What reloads nginx there, word by word and without a shell; SIGHUP to its master when left out. */
  readonly reloadCommand?: readonly string[];
  /**
   * `root`: the script is sent, and the user may do what it does. `installed`: an administrator installed it, and
   * the user may only start it with sudo; what it may touch, nginx and its reload are fixed there. `root` when left out.
   */
  readonly access?: 'root' | 'installed';
}

/**
 * Orders everything that is ever sent to a host (invariant I9): a host refuses a message whose (epoch, term,
 * serial) is not higher than the highest it has seen, so that nothing that was delayed on the way acts late.
 */
export interface HostToken {
  readonly installation: string;
  /** Id of the rotation: two rotations with one epoch are two copies of one database (I13). */
  readonly rotation: string;
  /** Numbers the rotations of one installation. */
  readonly epoch: number;
  /** Grows with each takeover. */
  readonly term: number;
  /** Grows with each message of one term. */
  readonly serial: number;
}

/** An immutable bundle as it lies on a host. `digest` is the lower-case hex SHA-256 of `content`. */
export interface BundleFile {
  readonly digest: string;
  readonly content: string;
}

export interface ManagedFileState {
  readonly path: string;
  /** The real file behind links, or null when the path does not exist. */
  readonly resolved: string | null;
  /** Hex SHA-256 of the content, or null when it cannot be read. */
  readonly digest: string | null;
}

/** What Windlass's own state file on the host says; null when this fleet never touched the host. */
export interface HostTransaction {
  readonly token: HostToken;
  /** `returned`: committed, never confirmed, and put back by the host itself when its deadline passed. */
  readonly step: 'staged' | 'committed' | 'confirmed' | 'reverted' | 'discarded' | 'returned';
  /** Digest before and after the switch that this transaction is about. */
  readonly from: string;
  readonly to: string;
  /** Milliseconds until the host puts `from` back by itself, or null when no timer is armed. */
  readonly armedForMs: number | null;
}

export interface NginxWorker {
  readonly pid: number;
  /** Seconds since the worker was started, by the host's monotonic clock. */
  readonly ageSeconds: number;
  /** Titled `shutting down`: it serves what it has and accepts nothing new. */
  readonly draining: boolean;
}

export interface NginxState {
  readonly version: string;
  readonly openssl: string;
  readonly masterPid: number | null;
  readonly workers: readonly NginxWorker[];
  /** What `nginx -T` printed; empty when the test of the present configuration fails. */
  readonly configDump: string;
  /** `nginx -t` of the configuration as it lies on disk now; the output when it fails, else null. */
  readonly configTestError: string | null;
  /** Files of the configuration that changed after the running workers started: a reload would activate them. */
  readonly filesNewerThanWorkers: readonly string[];
}

/** What is, on one host, at one moment. Nothing here is remembered. */
export interface HostObservation {
  /** The host's wall clock, RFC 3339 UTC. */
  readonly clock: string;
  readonly files: readonly ManagedFileState[];
  readonly transaction: HostTransaction | null;
  /** Null when no nginx binary is there. */
  readonly nginx: NginxState | null;
  /** Free bytes on the file system with the least space among the managed folders and the state folder. */
  readonly freeBytes: number;
  /** Folders that we must write to and cannot. */
  readonly notWritable: readonly string[];
  /**
   * Content of the files of `ssl_trusted_certificate` and `ssl_crl` named in the configuration, by path: they decide
   * beside the bundle.
   */
  readonly trustFiles: Readonly<Record<string, string>>;
  /** Present content of the first managed path, or null when absent. */
  readonly liveContent: string | null;
}

/** The `openssl` command of a host. */
export interface HostOpenssl {
  /** Such as `OpenSSL 3.0.17 1 Jul 2025`. */
  readonly version: string;
  /** What TLS asks of keys there unless a configuration says otherwise, 0 to 5; null when it could not be found out. */
  readonly securityLevel: number | null;
}

/** Where an access log of nginx has what; tab-separated, the first column is 1. */
export interface ClientLogPlace {
  /** Absolute path. */
  readonly path: string;
  readonly columns: Readonly<Record<'time' | 'verify' | 'serial' | 'issuer' | 'subject', number>>;
}

/** One client certificate that was used, as nginx names it (`$ssl_client_serial`, `$ssl_client_i_dn`, `$ssl_client_s_dn`). */
export interface ClientSighting {
  readonly serial: string;
  readonly issuer: string;
  readonly subject: string;
  readonly requests: number;
  /** Milliseconds since the epoch. */
  readonly lastSeen: number;
}

/** What a host's access log says of its clients. */
export interface ClientSightings {
  /** Time of the first entry that was read, milliseconds since the epoch; null when there is none. */
  readonly since: number | null;
  /** Accepted clients, 5,000 at most; `known` is how many there are. */
  readonly clients: readonly ClientSighting[];
  readonly known: number;
}

/** How a switch of the live bundle ended, as the host itself proved it. */
export interface SwitchReport {
  /** Digest of every managed file after the switch. */
  readonly digest: string;
  /** Worker pids that accept connections now; all were started after the rename. */
  readonly workers: readonly number[];
  /** Old workers that still drain long connections. */
  readonly draining: readonly number[];
  /** False when the host was already there and nothing had to be reloaded. */
  readonly reloaded: boolean;
}

/** How a host stands once it gave up its way back. */
export interface ConfirmReport {
  /** Digest of every managed file, as seen under the lock. */
  readonly digest: string;
  /** Milliseconds until it would go back by itself; null as it must be. */
  readonly armedForMs: number | null;
}

/**
 * The host transaction as single steps (design.md section 6). Every step is safe to repeat: it looks at the
 * host first and does only what is missing. Every step throws {@link PortError} with one of the codes
 * `host.unreachable` (transient), `host.key-changed`, `host.denied`, `host.no-agent`, `host.no-nginx`, `host.no-openssl`, `host.log-missing`, `host.no-permission`,
 * `host.disk-full`, `host.path-missing`, `host.path-not-allowed`, `host.not-installed`, `host.other-script`, `host.stale-token`, `host.foreign-rotation`, `host.vote-expired`
 * (transient), `host.not-armed`, `host.drift`, `host.config-test-failed`, `host.reload-not-live`,
 * `host.digest-mismatch`, `host.busy`, `host.script-failed`. All times run by the host's monotonic clock.
 */
export abstract class HostGateway {
  /** Looks, changes nothing. */
  abstract observe(host: HostTarget): Promise<HostObservation>;

  /** Null where the host has no `openssl` command. Changes nothing. */
  abstract openssl(host: HostTarget): Promise<HostOpenssl | null>;

  /** Runs the host's own `openssl verify`. Throws `host.no-openssl`. Changes nothing. */
  abstract verify(host: HostTarget, question: OpensslQuestion): Promise<OpensslAnswer>;

  /**
   * Reads the end of an access log, and of the one that was rotated away before it: 64 MB at most. Throws
   * `host.log-missing`. Changes nothing.
   */
  abstract clients(host: HostTarget, log: ClientLogPlace): Promise<ClientSightings>;

  /**
   * Tests the host's real configuration with the bundle in the place of every managed file, where nobody else sees
   * it. Throws `host.config-test-failed` with the words of nginx in its detail. Changes nothing.
   */
  abstract tryBundle(host: HostTarget, content: string): Promise<void>;

  /**
   * Writes the bundle beside the live files, flushes it, verifies its digest, keeps and verifies the rollback
   * copy of what is live, and tests the host's real configuration against the staged bundle. The live digest
   * must be `from`, else `host.drift`. Returning is a yes vote that is good for `voteMs`: behind that a
   * {@link commit} is refused with `host.vote-expired`. Throwing is a no vote that left nothing staged.
   */
  abstract stage(
    host: HostTarget,
    token: HostToken,
    from: string,
    to: BundleFile,
    voteMs: number,
  ): Promise<void>;

  /**
   * Arms the dead-man, which puts `from` back by itself after `deadlineMs` unless {@link renew} or
   * {@link confirm} comes before; null arms nothing, and nobody goes back. Then switches the live files to what was staged with one rename each,
   * reloads, and proves that all accepting workers were started after the rename without an `emerg`.
   * `host.reload-not-live` means: the files are switched, the workers still serve the old configuration.
   */
  abstract commit(
    host: HostTarget,
    token: HostToken,
    from: string,
    to: string,
    deadlineMs: number | null,
  ): Promise<SwitchReport>;

  /** Moves the deadline to `deadlineMs` from now. Throws `host.not-armed` when no timer for `to` is armed. */
  abstract renew(host: HostTarget, token: HostToken, to: string, deadlineMs: number): Promise<void>;

  /**
   * Ends the transaction on the far side and disarms. Throws `host.not-armed` when the host went back by itself,
   * `host.drift` when a managed file is not `to`.
   */
  abstract confirm(host: HostTarget, token: HostToken, to: string): Promise<ConfirmReport>;

  /**
   * Puts `from` back byte for byte, from the verified rollback copy, reloads where a worker may serve `to`,
   * proves it as {@link commit} does, and disarms. `reloaded: false` means no worker ever left `from`.
   */
  abstract revert(host: HostTarget, token: HostToken, from: string, to: string): Promise<SwitchReport>;

  /** Drops what was staged and not committed. */
  abstract discard(host: HostTarget, token: HostToken): Promise<void>;
}
