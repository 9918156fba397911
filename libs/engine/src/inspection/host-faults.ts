import {
  checkManagedPaths,
  type NginxConfig,
  parseNginxDump,
  type TrustContext,
  trustContexts,
} from '#nginx-audit';
import type { HostRecord, Revocation } from '../ports/fleet-store.js';
import type { HostObservation } from '../ports/host-gateway.js';
import type { Problem } from '../ports/problem.js';

/** Vault backdates a certificate by 30 s; a host further behind would find the new CA not yet valid (F23). */
const CLOCK_TOLERANCE_MS = 20_000;
const LEAST_FREE_BYTES = 1 << 20;

/** What a host is held against. */
export interface Expected {
  /** SHA-256 of the bundle that the fleet is recorded to serve. */
  readonly digest: string;
  /** Whether the fleet checks revocation. */
  readonly revocation: Revocation;
  /** Our clock, milliseconds since the epoch. */
  readonly now: number;
}

/** Whatever on a host would go wrong in a rotation, what must be mended first in front. `contexts`: {@link contextsOn}. Pure. */
export function hostFaults(
  host: HostRecord,
  observed: HostObservation,
  contexts: readonly TrustContext[],
  { digest, revocation, now }: Expected,
): readonly Problem[] {
  return [
    // Before nginx is asked: to a user without rights `nginx -t` fails too, and says nothing of the reason.
    ...permissionFaults(host, observed),
    // Before the ages of files are believed: they come from the same clock.
    ...clockFaults(host, observed, now),
    ...nginxFaults(host, observed),
    ...fileFaults(host, observed, digest),
    ...directiveFaults(host, observed, contexts, revocation),
  ];
}

/** Null when it cannot be read. */
export function configOn({ nginx }: HostObservation): NginxConfig | null {
  return nginx === null || nginx.configDump === '' ? null : parseNginxDump(nginx.configDump);
}

/** How the servers on a host trust clients; none when its configuration cannot be read. */
export function contextsOn(observed: HostObservation, config = configOn(observed)): readonly TrustContext[] {
  return config === null ? [] : trustContexts(config);
}

/** Every managed file by its own name and by that of the file behind it. */
export function managedFiles({ files }: HostObservation): string[] {
  return files.flatMap(({ path, resolved }) => (resolved ? [path, resolved] : [path]));
}

function permissionFaults(host: HostRecord, { notWritable }: HostObservation): Problem[] {
  if (notWritable.length === 0) return [];
  return [
    fault(
      'host.no-permission',
      host,
      `user ${host.user} may not write ${notWritable.join(', ')}.`,
      'Give the user the right to it, or enrol the host with another user.',
    ),
  ];
}

function clockFaults(host: HostRecord, { clock }: HostObservation, now: number): Problem[] {
  const behind = now - Date.parse(clock);
  if (behind <= CLOCK_TOLERANCE_MS) return [];
  return [
    fault(
      'host.clock-behind',
      host,
      `its clock says ${clock}, ours ${new Date(now).toISOString()}: the new CA would not be valid there yet.`,
      'Set the clock of the host (NTP), then start again.',
    ),
  ];
}

function nginxFaults(host: HostRecord, { nginx }: HostObservation): Problem[] {
  if (!nginx) {
    return [
      fault(
        'host.no-nginx',
        host,
        `no nginx binary "${host.nginxBinary}".`,
        'Install nginx there, or correct nginxBinary of the host.',
      ),
    ];
  }
  const { configTestError, masterPid, workers, filesNewerThanWorkers } = nginx;
  const broken = fault(
    'host.config-test-failed',
    host,
    'its configuration fails nginx -t before anything was changed.',
    'Mend the configuration, then start again.',
  );
  const stopped = fault(
    'host.nginx-not-running',
    host,
    'nginx does not run.',
    'Start nginx there, then start the rotation again.',
  );
  const pending = fault(
    'host.pending-edit',
    host,
    `files changed since its workers started, and our reload would activate them: ${filesNewerThanWorkers.join(', ')}.`,
    'Reload nginx there yourself, or take the edit back, then start again.',
  );
  return [
    ...(configTestError === null ? [] : [{ ...broken, detail: configTestError }]),
    ...(masterPid === null || workers.length === 0 ? [stopped] : []),
    ...(filesNewerThanWorkers.length > 0 ? [pending] : []),
  ];
}

function fileFaults(host: HostRecord, { freeBytes, files }: HostObservation, expected: string): Problem[] {
  const full = fault(
    'host.disk-full',
    host,
    `only ${freeBytes} bytes are free.`,
    'Free some space, then start again.',
  );
  return [
    ...(freeBytes < LEAST_FREE_BYTES ? [full] : []),
    ...files.flatMap(({ path, digest }) => {
      if (digest === expected) return [];
      return [digest === null ? pathMissing(host, path) : drifted(host, path, digest, expected)];
    }),
  ];
}

/** A managed path that nobody can read. */
export function pathMissing(host: HostRecord, path: string): Problem {
  return fault(
    'host.path-missing',
    host,
    `the managed path ${path} cannot be read.`,
    'Correct managedPaths of the host.',
  );
}

function drifted(host: HostRecord, path: string, digest: string, expected: string): Problem {
  return fault(
    'host.drift',
    host,
    `${path} is not the bundle that the fleet is recorded to serve (SHA-256 ${digest.slice(0, 12)}..., expected ${expected.slice(0, 12)}...).`,
    'Put the recorded bundle back on the host, or record a fleet with the bundle that is there.',
  );
}

function directiveFaults(
  host: HostRecord,
  observed: HostObservation,
  contexts: readonly TrustContext[],
  revocation: Revocation,
): Problem[] {
  if (observed.nginx === null || observed.nginx.configDump === '') return [];
  const findings = checkManagedPaths(contexts, host.managedPaths, revocation);
  return [
    ...findings
      .filter(({ severity }) => severity === 'error')
      .map(({ code, message, nextStep }) => fault(code, host, message, nextStep)),
    ...contexts.flatMap((context) => unreadFiles(host, observed, context)),
  ];
}

/** A verdict without them would be a guess. */
function unreadFiles(
  host: HostRecord,
  observed: HostObservation,
  { clientCertificate, trustedCertificate, crl, file, line }: TrustContext,
): Problem[] {
  const managed = managedFiles(observed);
  if (clientCertificate === null || !managed.includes(clientCertificate)) return [];
  return [trustedCertificate, crl]
    .filter((path) => path !== null)
    .filter((path) => !managed.includes(path) && !Object.hasOwn(observed.trustFiles, path))
    .map((path) =>
      fault(
        'host.trust-file-unread',
        host,
        `the server at ${file}:${line} also reads ${path}, which could not be read to judge clients.`,
        'Write the path plainly in the configuration, and let the user read the file.',
      ),
    );
}

function fault(code: string, host: HostRecord, message: string, nextStep: string): Problem {
  return { code, message: `${host.name}: ${message}`, nextStep };
}
