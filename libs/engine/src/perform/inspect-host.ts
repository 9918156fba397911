import { checkManagedPaths, parseNginxDump, type TrustContext, trustContexts } from '#nginx-audit';
import type { HostEffect } from '#rotation';
import type { HostRecord } from '../ports/fleet-store.js';
import type { HostObservation, NginxState } from '../ports/host-gateway.js';
import { PortError } from '../ports/problem.js';
import { type EffectContext, hostOf, oldOf } from './context.js';
import { seeListeners } from './listeners.js';
import { proveControls } from './prove.js';
import type { HostTrustSetting } from './trust-settings.js';

/** Vault backdates a certificate by 30 s; a host further behind would find the new CA not yet valid (F23). */
const CLOCK_TOLERANCE_MS = 20_000;
const LEAST_FREE_BYTES = 1 << 20;

/** Looks at one host and refuses, by name and with the next step, whatever would go wrong later. */
export async function inspectHost(context: EffectContext, effect: HostEffect) {
  const host = hostOf(context, effect.hostId);
  const observed = await context.ports.hosts.observe(host);
  await checkToken(context, host, observed);
  checkPermission(host, observed);
  // Before the ages of files are believed: they come from the same clock.
  checkClock(host, observed, context.ports.clock.now());
  const nginx = runningNginx(host, observed);
  checkFiles(host, observed, oldOf(context).digest);
  const contexts = trustContexts(parseNginxDump(nginx.configDump));
  const settings = checkDirectives(host, observed, contexts);
  for (const target of host.probeTargets) await proveControls(context, host, target);
  const seen = await seeListeners(context, host, contexts, managedFiles(observed));
  return { digest: oldOf(context).digest, version: nginx.version, settings, ...seen };
}

/** A host that knows a newer rotation than our journal says that the journal was restored, or copied (I13). */
async function checkToken(context: EffectContext, host: HostRecord, { transaction }: HostObservation) {
  if (!transaction) return;
  const { installation, rotationId, epoch } = context.state.snapshot;
  const { token, step } = transaction;
  if (token.installation !== installation) return;
  if (token.epoch >= epoch && token.rotation !== rotationId) {
    await context.ports.rotations.raiseEpoch(token.epoch);
    throw refuse(
      'host.newer-rotation',
      host,
      `it knows rotation ${token.rotation} (epoch ${token.epoch}), which is newer than this one (epoch ${epoch}): our database was restored from a backup, or somebody runs a copy of it.`,
      'Stop the other copy if there is one; compare what the hosts serve with the recorded bundle, then start the rotation again: it gets a higher epoch.',
    );
  }
  if (step === 'committed' && token.rotation !== rotationId) {
    throw refuse(
      'host.unfinished-switch',
      host,
      `a switch of rotation ${token.rotation} still waits for its decision here.`,
      'Wait until it has gone back by itself, look what the host serves, then start again.',
    );
  }
}

function refuse(
  code: string,
  host: HostRecord,
  message: string,
  nextStep: string,
  detail?: string,
): PortError {
  return new PortError({
    code,
    message: `${host.name}: ${message}`,
    nextStep,
    ...(detail ? { detail } : {}),
  });
}

function runningNginx(host: HostRecord, { nginx }: HostObservation): NginxState {
  if (!nginx) {
    throw refuse(
      'host.no-nginx',
      host,
      `no nginx binary "${host.nginxBinary}".`,
      'Install nginx there, or correct nginxBinary of the host.',
    );
  }
  if (nginx.configTestError !== null) {
    throw refuse(
      'host.config-test-failed',
      host,
      'its configuration fails nginx -t before anything was changed.',
      'Mend the configuration, then start again.',
      nginx.configTestError,
    );
  }
  if (nginx.masterPid === null || nginx.workers.length === 0) {
    throw refuse(
      'host.nginx-not-running',
      host,
      'nginx does not run.',
      'Start nginx there, then start the rotation again.',
    );
  }
  if (nginx.filesNewerThanWorkers.length > 0) {
    throw refuse(
      'host.pending-edit',
      host,
      `files changed since its workers started, and our reload would activate them: ${nginx.filesNewerThanWorkers.join(', ')}.`,
      'Reload nginx there yourself, or take the edit back, then start again.',
    );
  }
  return nginx;
}

/** Before nginx is asked: to a user without rights `nginx -t` fails too, and says nothing of the reason. */
function checkPermission(host: HostRecord, { notWritable }: HostObservation): void {
  if (notWritable.length === 0) return;
  throw refuse(
    'host.no-permission',
    host,
    `user ${host.user} may not write ${notWritable.join(', ')}.`,
    'Give the user the right to it, or enrol the host with another user.',
  );
}

function checkFiles(host: HostRecord, observed: HostObservation, expected: string): void {
  if (observed.freeBytes < LEAST_FREE_BYTES) {
    throw refuse(
      'host.disk-full',
      host,
      `only ${observed.freeBytes} bytes are free.`,
      'Free some space, then start again.',
    );
  }
  for (const { path, digest } of observed.files) {
    if (digest === null) {
      throw refuse(
        'host.path-missing',
        host,
        `the managed path ${path} cannot be read.`,
        'Correct managedPaths of the host.',
      );
    }
    if (digest !== expected) {
      throw refuse(
        'host.drift',
        host,
        `${path} is not the bundle that the fleet is recorded to serve (SHA-256 ${digest.slice(0, 12)}..., expected ${expected.slice(0, 12)}...).`,
        'Put the recorded bundle back on the host, or record a fleet with the bundle that is there.',
      );
    }
  }
}

function checkClock(host: HostRecord, { clock }: HostObservation, now: number): void {
  const behind = now - Date.parse(clock);
  if (behind <= CLOCK_TOLERANCE_MS) return;
  throw refuse(
    'host.clock-behind',
    host,
    `its clock says ${clock}, ours ${new Date(now).toISOString()}: the new CA would not be valid there yet.`,
    'Set the clock of the host (NTP), then start again.',
  );
}

/** Every managed file by its own name and by that of the file behind it. */
function managedFiles({ files }: HostObservation): string[] {
  return files.flatMap(({ path, resolved }) => (resolved ? [path, resolved] : [path]));
}

function checkDirectives(
  host: HostRecord,
  observed: HostObservation,
  contexts: readonly TrustContext[],
): HostTrustSetting[] {
  const resolved = managedFiles(observed);
  const [finding] = checkManagedPaths(contexts, host.managedPaths).filter(
    ({ severity }) => severity === 'error',
  );
  if (finding) throw refuse(finding.code, host, finding.message, finding.nextStep);
  return contexts
    .filter(({ clientCertificate }) => clientCertificate !== null && resolved.includes(clientCertificate))
    .map(({ verifyDepth, trustedCertificate, file, line }) => ({
      where: `${host.name} ${file}:${line}`,
      depth: verifyDepth,
      trustedPem: trustedCertificate ? (observed.trustedFiles[trustedCertificate] ?? '') : '',
      ...(observed.nginx ? { nginxVersion: observed.nginx.version } : {}),
    }));
}
