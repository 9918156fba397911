import type { HostEffect } from '#rotation';
import { judgeProbe, type ProbeControls } from '#trust';
import type { Generation, HostRecord } from '../ports/fleet-store.js';
import type { ProbeTarget } from '../ports/probe.js';
import { PortError } from '../ports/problem.js';
import { type EffectContext, hostOf, sidesOf } from './context.js';
import { type Expectation, endOf, expectations, leafExpectation } from './expectations.js';
import { listenersSeen, type Place, placeLabel, showsMarker } from './listeners.js';
import { proveRefused } from './negative-proof.js';
import { putBack } from './put-back.js';
import { shutOutBy } from './shut-out.js';

/** What else is asked at a target whose controls answered. */
type Further = (target: ProbeTarget, controls: ProbeControls) => Promise<readonly string[]>;
const nothingFurther: Further = async () => [];

/** After a switch: every listener shows the far generation, and clients get the verdicts it promises. */
export async function proveSwitched(context: EffectContext, effect: HostEffect) {
  const { far, near } = await sidesOf(context, effect.transition, effect.hostId);
  const host = hostOf(context, effect.hostId);
  const shutOut = await shutOutBy(context, near, far);
  const negative: Further = async (target, controls) =>
    shutOut ? proveRefused(context, { host, target, controls, far, shutOut }) : [];
  return prove(context, effect, far, near, await expectations(context, effect, 'far', far), negative);
}

/**
 * After a revert: the near generation is what is served again, by digest and by answers. A host that was restored from
 * a backup meanwhile is put back anew.
 */
export async function proveReturned(context: EffectContext, effect: HostEffect) {
  const sides = await sidesOf(context, effect.transition, effect.hostId);
  const { far, near } = sides;
  const host = hostOf(context, effect.hostId);
  const { files } = await context.ports.hosts.observe(host);
  if (files.some(({ digest }) => digest !== near.digest)) await putBack(context, host, sides);
  const proof = await prove(context, effect, near, far, await expectations(context, effect, 'near', near));
  return { ...proof, digest: near.digest };
}

/** The first leaf of the new CA, on every listener of the host. */
export async function proveCanary(context: EffectContext, effect: HostEffect) {
  const host = hostOf(context, effect.hostId);
  const expected = [await leafExpectation(context, 'new', 'accepted')];
  return { probes: await askAll(context, host, expected) };
}

/** Before anything: a listener that lets strangers or clients without a certificate in proves nothing (F33). */
export async function proveControls(
  context: EffectContext,
  host: HostRecord,
  target: ProbeTarget,
): Promise<ProbeControls> {
  const { probe } = context.ports;
  const controls = {
    noCertificate: await probe.ask(target, null),
    stranger: await probe.ask(target, context.stranger),
  };
  const judged = judgeProbe(controls.stranger, controls);
  if (judged.verdict === 'refused') return controls;
  const unreachable = controls.stranger.kind === 'no-answer';
  throw new PortError(
    {
      code: unreachable ? 'probe.no-answer' : 'probe.strangers-let-in',
      message: `${host.name}: ${label(target)} ${unreachable ? `gives no answer (${controls.stranger.kind === 'no-answer' ? controls.stranger.reason : ''})` : 'does not refuse a client of an unknown CA, so no probe of it can prove anything'}.`,
      nextStep: unreachable
        ? 'Check address and port of the probe target, and that nginx listens there.'
        : 'Set ssl_verify_client on for this listener, and look for error_page 495 496 that hides the refusal.',
      detail: judged.cause,
    },
    { transient: unreachable },
  );
}

async function prove(
  context: EffectContext,
  effect: HostEffect,
  serving: Generation,
  gone: Generation,
  expected: readonly Expectation[],
  further: Further = nothingFurther,
) {
  const host = hostOf(context, effect.hostId);
  await proveServing(context, host, serving, gone);
  return { digest: serving.digest, probes: await askAll(context, host, expected, further) };
}

/** Every listener that the inspection saw shows the marker of `serving` and not that of `gone`. */
export async function proveServing(
  context: EffectContext,
  host: HostRecord,
  serving: Generation,
  gone: Generation,
): Promise<void> {
  for (const place of listenersSeen(context.state, host)) {
    await proveMarker(context, host, place, serving, gone);
  }
}

/** The marker's name in CertificateRequest tells the generation without any client key (facts: markers). */
async function proveMarker(
  { ports }: EffectContext,
  host: HostRecord,
  place: Place,
  serving: Generation,
  gone: Generation,
): Promise<void> {
  const names = await ports.probe.servedCaNames({ ...place, path: '/' });
  if (names === null) throw silent(host, place);
  const shows = (marker: string | null) => marker !== null && showsMarker(names, marker);
  if ((serving.marker === null || shows(serving.marker)) && !shows(gone.marker)) return;
  throw new PortError(
    {
      code: 'probe.other-generation',
      message: `${host.name}: ${placeLabel(place)} does not serve generation ${serving.number} but another one.`,
      nextStep: 'Read the nginx error log of the host for "emerg"; Windlass puts the fleet back by itself.',
      detail: `CA names served: ${names.join(' | ')}`,
    },
    { transient: true },
  );
}

/** It showed them when it was inspected: silence is not a proof, and who asks for no certificate lets everybody in. */
function silent(host: HostRecord, place: Place): PortError {
  return new PortError(
    {
      code: 'probe.no-answer',
      message: `${host.name}: ${placeLabel(place)} no longer shows which CAs it trusts.`,
      nextStep:
        'Check that nginx runs on the host, that ssl_verify_client is not off (whoever asks for no certificate lets everybody in), and that the worker reaches this port; Windlass asks again by itself.',
    },
    { transient: true },
  );
}

async function askAll(
  context: EffectContext,
  host: HostRecord,
  expected: readonly Expectation[],
  further: Further = nothingFurther,
): Promise<string[]> {
  const transcript: string[] = [];
  for (const target of host.probeTargets) {
    const controls = await proveControls(context, host, target);
    transcript.push(`${label(target)}: no certificate and a stranger refused, as they must`);
    for (const { who, identity, verdict } of expected) {
      if (endOf(identity.certificatePem) <= context.ports.clock.now()) {
        transcript.push(`${label(target)}: ${who} was not asked: its certificate has expired`);
        continue;
      }
      const judged = judgeProbe(await context.ports.probe.ask(target, identity), controls);
      if (verdict === null && judged.verdict !== 'unknown') {
        transcript.push(`${label(target)}: ${who} ${judged.verdict}`);
        continue;
      }
      if (judged.verdict !== verdict) throw otherVerdict(host, target, who, verdict ?? 'answered', judged);
      transcript.push(`${label(target)}: ${who} ${verdict}, as it must`);
    }
    transcript.push(...(await further(target, controls)));
  }
  return transcript;
}

function otherVerdict(
  host: HostRecord,
  target: ProbeTarget,
  who: string,
  wanted: string,
  judged: { verdict: string; cause: string },
): PortError {
  const unknown = judged.verdict === 'unknown';
  return new PortError(
    {
      code: unknown ? 'probe.unknown' : 'probe.wrong-verdict',
      message: `${host.name}: ${label(target)} must have ${wanted} ${who}, and ${unknown ? 'gave no verdict' : `${judged.verdict} it`}.`,
      nextStep:
        'Windlass undoes the switch by itself; read the nginx error log (level info) of the host for the cause.',
      detail: judged.cause,
    },
    { transient: unknown },
  );
}

function label(target: ProbeTarget): string {
  return placeLabel(target, target.path);
}
