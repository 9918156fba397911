import {
  answerInWords,
  type BundleCertificate,
  judgeProbe,
  type ProbeControls,
  type ProbeVerdict,
} from '#trust';
import { anchorsIn } from '../generation-anchors.js';
import type { Generation, HostRecord } from '../ports/fleet-store.js';
import type { ProbeAnswer, ProbeIdentity, ProbeTarget } from '../ports/probe.js';
import type { EffectContext } from './context.js';
import { placeLabel } from './listeners.js';
import { letIn, noVerdict, sessionLivesOn } from './negative-faults.js';
import type { SavedSession } from './saved-sessions.js';
import type { ShutOut } from './shut-out.js';
import { type Way, waysTo } from './ways.js';

/** One target behind the switch of one host, what its controls answered there, and who must stay out. */
export interface Switched {
  readonly host: HostRecord;
  readonly target: ProbeTarget;
  readonly controls: ProbeControls;
  readonly far: Generation;
  readonly shutOut: ShutOut;
}

/** nginx's answer to a request whose name is not that of its TLS session (RFC 9110 15.5.20). */
const MISDIRECTED = 421;

/**
 * Whoever the switch shuts out gets in nowhere: not with a session of before, not without SNI, not through another
 * server of the socket, and nobody does by the name of a CA alone. One line for each; throws PortError otherwise.
 */
export async function proveRefused(context: EffectContext, switched: Switched): Promise<string[]> {
  const { target, shutOut } = switched;
  const { leaf } = shutOut;
  const asked = await Promise.all([
    ...(leaf ? throughDoors(context, switched, leaf) : []),
    ...(leaf ? resumed(context, switched, leaf) : []),
    ...impostors(context, switched),
  ]);
  return asked.map((line) => `${label(target)}: ${line}`);
}

function throughDoors(context: EffectContext, switched: Switched, leaf: ProbeIdentity): Promise<string>[] {
  const ways = waysTo(context.state, switched.host, switched.target);
  return ways.map((way) => byWay(context, switched, way, leaf));
}

/** The same server through another door, against what a stranger gets through it. */
async function byWay(
  { ports: { probe }, stranger }: EffectContext,
  switched: Switched,
  { says, across }: Way,
  old: ProbeIdentity,
): Promise<string> {
  const [answer, noCertificate, ofStranger] = await Promise.all([
    probe.ask(across, old),
    probe.ask(across, null),
    probe.ask(across, stranger),
  ]);
  const who = `${switched.shutOut.who} ${says}`;
  if (alike(answer, ofStranger) && !refused(answer, { noCertificate, stranger: ofStranger })) {
    return `${who} gets what a stranger gets, ${answerInWords(answer)}: no certificate opens this way`;
  }
  const judged = judgeProbe(answer, { noCertificate, stranger: ofStranger });
  insistOnRefusal(judged, switched, who);
  return `${who} refused, as it must`;
}

function resumed(context: EffectContext, switched: Switched, old: ProbeIdentity): Promise<string>[] {
  const { host, target, far } = switched;
  const saved = context.sessions.at(context.state.snapshot.rotationId, host.id, label(target));
  if (saved === null) return [Promise.resolve(notTried(context, far))];
  return [
    ...saved.sessions.map((session) => withSession(context, switched, session, old)),
    ...saved.without.map((what) => Promise.resolve(`${what} before the switch, so there is none to refuse`)),
  ];
}

function notTried({ state }: EffectContext, { marker }: Generation): string {
  const why =
    state.snapshot.strategy === 'distrust'
      ? 'a distrust does not wait to save any'
      : 'those saved before the switch went with the worker that held them';
  const stands =
    marker === null ? 'only fresh probes stand for them' : 'the marker and fresh probes stand for them';
  return `resumed sessions were not tried: ${why}; ${stands}`;
}

/** A session that is not taken up ends in a full handshake, and then the certificate has to be refused. */
async function withSession(
  { ports: { probe } }: EffectContext,
  switched: Switched,
  { kind, given, before, session }: SavedSession,
  old: ProbeIdentity,
): Promise<string> {
  const { target, controls } = switched;
  const who = `${switched.shutOut.who} with its ${given} of before the switch`;
  if (judgeProbe(before, controls).verdict === 'refused')
    return `${who} was refused before the switch already`;
  const { answer, resumed: takenUp } = await probe.visit(target, old, { kind, session });
  if (answer.kind === 'http' && answer.status === MISDIRECTED)
    return `${who} sent away (HTTP 421), as it must`;
  const judged = judgeProbe(answer, controls);
  insistOnRefusal(judged, switched, who, sessionLivesOn);
  return `${who} refused, as it must${takenUp ? '' : ': the session was not taken up'}`;
}

/** A CA with the name of each that was dropped, and one with that of the CA that came. */
function impostors(context: EffectContext, switched: Switched): Promise<string>[] {
  const { far, shutOut } = switched;
  const prepared = context.state.effects.get('ca.prepare')?.result.fingerprint;
  const came = anchorsIn(far).filter(({ fingerprint }) => fingerprint === prepared);
  return [...shutOut.dropped, ...came].map((ca) => asImpostor(context, switched, ca));
}

async function asImpostor(
  { impostor, ports: { probe } }: EffectContext,
  switched: Switched,
  { pem, subject }: BundleCertificate,
): Promise<string> {
  const { target, controls } = switched;
  const who = `a client of a rogue CA that is called ${subject}`;
  const judged = judgeProbe(await probe.ask(target, await impostor(pem)), controls);
  insistOnRefusal(judged, switched, who);
  return `${who} refused, as it must`;
}

/** Throws whatever is not a refusal. */
function insistOnRefusal(
  { verdict, cause }: ProbeVerdict,
  { host, target }: Switched,
  who: string,
  fault = letIn,
): void {
  if (verdict === 'accepted') throw fault(host, label(target), who, cause);
  if (verdict === 'unknown') throw noVerdict(host, label(target), who, cause);
}

function refused(answer: ProbeAnswer, controls: ProbeControls): boolean {
  return judgeProbe(answer, controls).verdict === 'refused';
}

function alike(one: ProbeAnswer, other: ProbeAnswer): boolean {
  return answerInWords(one) === answerInWords(other);
}

function label(target: ProbeTarget): string {
  return placeLabel(target, target.path);
}
