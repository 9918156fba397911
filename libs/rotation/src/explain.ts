import { awaitsApproval, trustDiffDigest, trustDiffInWords } from './approval.js';
import { stillDraining } from './draining.js';
import { firstCrlToEnd } from './fleets.js';
import { keepsCrls } from './plan-refresh.js';
import { isRefreshing, refreshInVain, refreshTry, renewalOf } from './refresh.js';
import { activeHosts, failingEffects, type RotationState, resultOf } from './state.js';
import { blocksOf, isHeld, statusOf } from './status.js';
import { isGateOpen, usageVerdict } from './usage-gate.js';
import type { RotationPhase, Strategy } from './vocabulary.js';

const DOING: Readonly<Record<RotationPhase, string>> = {
  preflight: 'checking every host, the CA and the sample clients; nothing is touched yet',
  stage:
    'writing the overlap bundle beside the live files and testing each host with it; nothing is live yet',
  expand: 'switching the hosts to the overlap bundle, which trusts the old and the new CA',
  activate: 'letting the new CA issue, now that every host trusts it',
  soak: 'waiting while clients renew; the fleet trusts the old and the new CA',
  contract: 'dropping the old CA from the hosts',
  done: 'finished',
};

/** Where a strategy does something else in a phase than a rotation to a new CA. */
const DOING_INSTEAD: Readonly<Record<Strategy, Partial<Record<RotationPhase, string>>>> = {
  overlap: {},
  replace: {
    stage: 'writing the new bundle beside the live files and testing each host with it; nothing is live yet',
    expand: 'switching the hosts to the new bundle',
  },
  sync: {
    preflight: 'checking every host for what it serves; nothing is touched yet',
    stage: 'writing the recorded bundle beside the live files and testing each host; nothing is live yet',
    expand: 'bringing the hosts to the recorded bundle',
  },
  refresh: {
    stage:
      'writing the CRLs of now beside the live files and testing each host with them; nothing is live yet',
    expand: 'switching the hosts to the CRLs of now',
  },
  rehearse: {
    stage: 'writing a bundle with a canary CA beside the live files; nothing is live yet',
    expand: 'letting the hosts trust the canary CA as well',
    soak: 'every host trusted the canary CA, which is about to be dropped again',
    contract: 'dropping the canary CA from the hosts',
  },
  distrust: {
    preflight: 'building the bundle without what is distrusted; nothing is touched yet',
    contract: 'taking what is distrusted from every host that can be reached; there is no way back',
  },
};

/** What is done in the phase, in words that go on behind its name. */
export function doingIn(strategy: Strategy, phase: RotationPhase): string {
  return DOING_INSTEAD[strategy][phase] ?? DOING[phase];
}

/** How a strategy ends well, for so many hosts. */
const DONE: Readonly<Record<Strategy, (hosts: number) => string>> = {
  overlap: (hosts) => `all ${hosts} hosts are observed on the new CA only`,
  replace: (hosts) => `all ${hosts} hosts are observed on the new bundle`,
  sync: (hosts) => `all ${hosts} hosts are observed on the recorded bundle`,
  refresh: (hosts) => `all ${hosts} hosts are observed with the CRLs of now`,
  rehearse: (hosts) =>
    `all ${hosts} hosts trusted a canary CA and dropped it again; they trust what they trusted before`,
  distrust: (hosts) => `no host trusts what was distrusted: all ${hosts} are observed without it`,
};

/** Of an uploaded CA, which issues when people let it. */
const PROVING = 'proving that every host lets in a client of the new CA';

/** What is happening, why, on which host, since when, and what a person can do: in that order, in plain words. */
export function explain(state: RotationState): string {
  if (state.ended) return ending(state);
  if (state.paused && isHeld(state)) {
    const { by, reason, since } = state.paused;
    const held = `Paused by ${by} since ${since}. ${sentence(reason.message)} Next: ${reason.nextStep}${crlOf(state)}`;
    return [held, ...blocksInWords(state)].join('\n');
  }
  const blocks = blocksInWords(state);
  if (blocks.length > 0) return `${blocks.join('\n')}${crlOf(state)}`;
  const status = statusOf(state) === 'pending' ? 'Waiting for a worker' : phaseSentence(state);
  const soaking = state.phase === 'soak' ? stillTrusted(state) : '';
  return `${status} (since ${state.phaseSince}).${switchOf(state)}${soakOf(state)}${gateOf(state)}${approvalOf(state)}${crlOf(state)}${soaking}${pauseAhead(state)}${drainingOf(state)}`;
}

function blocksInWords(state: RotationState): string[] {
  return blocksOf(state).map(({ hostId, reason, since }) => {
    const where = hostId ? ` on ${state.snapshot.hostNames[hostId] ?? hostId}` : '';
    return `Blocked${where} since ${since}: ${sentence(reason.message)} Next: ${reason.nextStep}`;
  });
}

/** What dropping a CA cannot do while the one that signed it stays (docs/adr/0015). */
function stillTrusted(state: RotationState): string {
  const built = resultOf(state, 'generations.build');
  const found = [built, ...(built?.otherFleets ?? [])].flatMap((one) => one?.stillTrusted ?? []);
  const lines = found.map(
    ({ subject, through }) =>
      ` Without ${subject} in the bundle, its clients get in only if they send it along, because ${through}, which signed it, stays. Next: revoke ${subject} and give the hosts the CRL (ssl_crl), or rotate to a CA below another root.`,
  );
  return [...new Set(lines)].join('');
}

/** How long it is too early to ask who may still need the old CA. */
function soakOf(state: RotationState): string {
  const { strategy, soakSeconds } = state.snapshot;
  if (state.phase !== 'soak' || strategy !== 'overlap' || soakSeconds === 0) return '';
  if (usageVerdict(state) !== null) return '';
  const until = new Date(Date.parse(state.phaseSince) + soakSeconds * 1000).toISOString();
  const then = isGateOpen(state) ? 'and may go then' : 'and then until no client may need it';
  return ` The old CA is kept until ${until} at least, ${then}.`;
}

function gateOf(state: RotationState): string {
  const verdict = state.phase === 'soak' && !isGateOpen(state) ? usageVerdict(state) : null;
  if (!verdict) return '';
  const opens = verdict.opensAt === null ? '' : ` It opens by itself at ${verdict.opensAt}.`;
  return ` The old CA is kept, because ${sentence(verdict.because)}${opens} Next: let these clients renew or revoke their certificates, or override the gate with a reason.`;
}

/** While the fleet trusts both: how long its CRLs last, and whether it can be given others. */
function crlOf(state: RotationState): string {
  const first = keepsCrls(state) ? firstCrlToEnd(state) : null;
  if (first === null) return '';
  if (isRefreshing(state)) return ' The hosts are being given the CRLs of now.';
  const ends = ` The CRL of ${first.issuer} that the hosts have ends at ${first.at}`;
  const failure = refreshFailure(state);
  if (failure === null) return `${ends}; they are given others before, and at once by a retry.`;
  return `${ends}: they refuse its clients from then on, and others could not be brought at ${failure.at}: ${sentence(failure.message)} Next: ${failure.nextStep}`;
}

/** Why the last look at the CRLs, or the last switch to others, came to nothing; null where it did not. */
function refreshFailure(state: RotationState): { at: string; message: string; nextStep: string } | null {
  const look = renewalOf(state, refreshTry(state));
  if (look) return look.reason && { at: look.at, ...look.reason };
  const before = state.decisions.get(`outcome/refresh.${refreshInVain(state)}`);
  if (!before) return null;
  const nextStep = 'Mend what is named; Windlass tries again within five minutes, and at once by a retry.';
  return { at: before.at, message: before.because, nextStep };
}

function approvalOf(state: RotationState): string {
  if (!awaitsApproval(state)) return '';
  const { rotationId, requestedBy } = state.snapshot;
  return ` The old CA is kept, because the contract waits for the approval of a second person of: ${sentence(trustDiffInWords(state))} Next: somebody other than ${requestedBy}, with the key of an approver or an admin, looks at it and sends its digest ${trustDiffDigest(state)} to POST /v1/rotations/${rotationId}:approve.`;
}

/** A person's part at a CA that people drive: for a distrust always, else before the old CA is dropped. */
function switchOf(state: RotationState): string {
  const unstopped = resultOf(state, 'ca.stop-issuing')?.byHand ?? [];
  if (unstopped.length > 0) {
    return ` Windlass cannot stop this CA. Next: keep it from issuing from ${unstopped.join(', ')}, if that is not done yet.`;
  }
  const { subject } = resultOf(state, 'ca.prepare') ?? {};
  if (state.phase !== 'soak' || subject === undefined || !isByHand(state)) return '';
  return ` Windlass cannot switch this CA. Next: let it issue from ${subject}, and from the old one no more, if that is not done yet.`;
}

function isByHand(state: RotationState): boolean {
  return resultOf(state, 'ca.survey')?.byHand === true;
}

function drainingOf(state: RotationState): string {
  return stillDraining(state)
    .map(({ message, nextStep }) => `\nDraining: ${sentence(message)} Next: ${nextStep}`)
    .join('');
}

function pauseAhead({ paused }: RotationState): string {
  return paused
    ? ` ${paused.by} asked for a pause; it begins when all hosts are on one side, because a half-switched fleet is no place to wait in.`
    : '';
}

function phaseSentence(state: RotationState): string {
  const reverting = [...state.decisions.values()].find(
    ({ decision }) =>
      decision.kind === 'revert' && decision.transition !== 'refresh' && state.phase !== 'soak',
  );
  if (reverting) return `Putting every host back, because ${reverting.because}`;
  const refused = state.decisions.get('outcome/expand.1');
  if (refused?.decision.kind === 'refuse') return `Dropping what was staged, because ${refused.because}`;
  if (state.phase === 'activate' && isByHand(state)) return `activate: ${PROVING}`;
  return `${state.phase}: ${doingIn(state.snapshot.strategy, state.phase)}`;
}

function ending(state: RotationState): string {
  const { status, because, at } = state.ended ?? { status: 'unknown', because: '', at: '' };
  const hosts = activeHosts(state).length;
  const but = exceptions(state);
  switch (status) {
    case 'succeeded':
      return `Succeeded at ${at}: ${DONE[state.snapshot.strategy](hosts)}.${switchOf(state)}${stillTrusted(state)}${leftBehind(state)}${but}`;
    case 'reverted':
      return `Reverted at ${at}: all ${hosts} hosts are observed back on the old bundle, byte for byte, because ${sentence(because)}${advice(state, because)}${but}`;
    case 'refused':
      return `Refused at ${at}: no host was switched, because ${sentence(because)}${advice(state, because)}`;
    default:
      return `Ended as ${status} at ${at}: ${sentence(because)}`;
  }
}

/** Whoever the old CA let in may still be served there. */
function leftBehind(state: RotationState): string {
  const waited = (state.snapshot.timing.drainMs ?? 0) / 1000;
  return stillDraining(state)
    .map(({ message }) => `\nNot waited for longer than ${waited} s: ${sentence(message)}`)
    .join('');
}

/** Nobody may take a fleet for whole that was not. */
function exceptions({ decommissioned, snapshot }: RotationState): string {
  return [...decommissioned]
    .map(
      ([host, { by, because, at }]) =>
        `\nWithout ${snapshot.hostNames[host] ?? host}, which ${by} decommissioned at ${at}: ${sentence(because)} What it serves is unknown.`,
    )
    .join('');
}

/** The next step for the failure that was told, and every other failure with its own. */
function advice(state: RotationState, because: string): string {
  const failures = failingEffects(state).flatMap(({ status, reason }) =>
    status === 'failed' && reason ? [reason] : [],
  );
  const told = failures.find(({ message }) => message === because);
  const others = new Map(
    failures.filter(({ message }) => message !== because).map((reason) => [reason.message, reason]),
  );
  const next = told ? ` Next: ${told.nextStep}` : '';
  const also = [...others.values()].map((one) => `\nAlso: ${sentence(one.message)} Next: ${one.nextStep}`);
  return [next, ...also].join('');
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
