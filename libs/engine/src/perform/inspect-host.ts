import { courseOf, type HostEffect } from '#rotation';
import { digestOf } from '#trust';
import { configOn, contextsOn, hostFaults, managedFiles } from '../inspection/host-faults.js';
import { keptBy, sessionFaults, sessionsOn } from '../inspection/session-faults.js';
import { settingsOn } from '../inspection/trust-settings.js';
import type { HostRecord } from '../ports/fleet-store.js';
import type { HostObservation } from '../ports/host-gateway.js';
import { PortError } from '../ports/problem.js';
import { commonDigest } from './common-digest.js';
import { type EffectContext, hostOf, oldOf, required } from './context.js';
import { seeListeners } from './listeners.js';
import { proveControls } from './prove.js';
import { neighboursOf } from './ways.js';

/** Looks at one host and refuses, by name and with the next step, whatever would go wrong later. */
export async function inspectHost(context: EffectContext, effect: HostEffect) {
  const { hosts, clock } = context.ports;
  const { revocation } = context.fleet;
  const host = hostOf(context, effect.hostId);
  const observed = await hosts.observe(host);
  await checkToken(context, host, observed);
  const { adopts } = courseOf(context.state);
  const digest = adopts ? commonDigest(host, observed) : oldOf(context).digest;
  const config = configOn(observed);
  const contexts = contextsOn(observed, config);
  const sessions = sessionsOn(observed, config);
  const [fault] = [
    ...hostFaults(host, observed, contexts, { digest, revocation, now: clock.now() }),
    // What cannot wait goes on; the proof behind it names who still gets in.
    ...(adopts ? [] : sessionFaults(host, sessions)),
  ];
  if (fault) throw new PortError(fault);
  const { version, configDump } = required(observed.nginx, 'nginx was seen');
  const settings = settingsOn(host, observed, contexts, await hosts.openssl(host));
  for (const target of host.probeTargets) await proveControls(context, host, target);
  const seen = await seeListeners(context, host, contexts, managedFiles(observed));
  const behindMs = Math.max(0, clock.now() - Date.parse(observed.clock));
  const kept = context.fleet.generationMarker ? {} : { sessionsKeptBy: keptBy(sessions) };
  return {
    digest,
    configDigest: digestOf(configDump),
    version,
    settings,
    ...seen,
    neighbours: neighboursOf(host, contexts),
    ...kept,
    ...(revocation === 'crl' ? { behindMs } : {}),
  };
}

/** A host that knows a newer rotation than our journal says that the journal was restored, or copied (I13). */
async function checkToken(context: EffectContext, host: HostRecord, { transaction }: HostObservation) {
  if (!transaction) return;
  const { installation, rotationId, epoch } = context.state.snapshot;
  const { token, armedForMs } = transaction;
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
  // One that lost its timer, in a reboot, has nobody to decide for it any more: what it serves is looked at as any other.
  if (armedForMs !== null && token.rotation !== rotationId) {
    throw refuse(
      'host.unfinished-switch',
      host,
      `a switch of rotation ${token.rotation} still waits for its decision here.`,
      'Wait until it has gone back by itself, look what the host serves, then start again.',
    );
  }
}

function refuse(code: string, host: HostRecord, message: string, nextStep: string): PortError {
  return new PortError({ code, message: `${host.name}: ${message}`, nextStep });
}
