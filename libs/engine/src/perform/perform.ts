import {
  courseOf,
  type Effect,
  type FleetEffectKind,
  fleetOfHost,
  type HostEffect,
  type HostEffectKind,
  hostScope,
  hostsOf,
  isHostEffect,
  type RotationState,
} from '#rotation';
import type { ProbeIdentity } from '../ports/probe.js';
import * as ca from './ca-effects.js';
import type { EffectContext, Ports } from './context.js';
import { mintCanary, stopIssuing, witness } from './distrust-effects.js';
import { distrust } from './distrust-host.js';
import { drained } from './drained.js';
import { buildGenerations } from './generations.js';
import * as host from './host-effects.js';
import { inspectHost } from './inspect-host.js';
import { judgeOldCaUsage } from './judge-usage.js';
import { checkRetired } from './mount-checks.js';
import { proveCanary, proveReturned, proveSwitched } from './prove.js';
import { RecentReads } from './recent-reads.js';
import { renewOverlap } from './renew-overlap.js';
import { verifySamples } from './samples.js';
import { SavedSessions } from './saved-sessions.js';

/** Two for each rotation that this process works at. */
const IMPOSTORS_KEPT = 32;

type Result = Readonly<Record<string, unknown>>;

const FLEET_EFFECTS: Readonly<Record<FleetEffectKind, (context: EffectContext) => Promise<Result>>> = {
  'ca.survey': ca.survey,
  'ca.prepare': ca.prepare,
  'ca.old-leaf': (context) => ca.probeLeaf(context, 'old'),
  'ca.witness': witness,
  'ca.stop-issuing': stopIssuing,
  'canary.mint': mintCanary,
  'generations.build': buildGenerations,
  'samples.verify': verifySamples,
  'ca.allow-new': ca.allowNew,
  'ca.new-leaf': (context) => ca.probeLeaf(context, 'new'),
  'ca.switch-default': ca.switchDefault,
  'ca.move-roles': ca.moveRoles,
  'ca.verify-default': ca.verifyDefault,
  'ca.restrict-old': ca.restrictOld,
  'usage.judge': judgeOldCaUsage,
  'crls.renew': renewOverlap,
  'ca.check-retired': checkRetired,
  'ca.fall-back': ca.fallBack,
  'ca.withdraw': ca.withdraw,
};

const HOST_EFFECTS: Readonly<
  Record<HostEffectKind, (context: EffectContext, effect: HostEffect) => Promise<Result>>
> = {
  'host.inspect': inspectHost,
  'host.stage': host.stage,
  'host.commit': host.commit,
  'host.prove': proveSwitched,
  'host.confirm': confirmOrDistrust,
  'host.discard': host.discard,
  'host.revert': host.revert,
  'host.prove-reverted': proveReturned,
  'host.reconcile': host.confirm,
  'host.canary': proveCanary,
  'host.drained': drained,
};

async function alone(): Promise<void> {}

/** Where nobody goes back, a host is switched when it is confirmed. */
function confirmOrDistrust(context: EffectContext, effect: HostEffect): Promise<Result> {
  return courseOf(context.state).oneWay ? distrust(context, effect) : host.confirm(context, effect);
}

/** Does one effect through the ports. Every effect looks before it acts, so a repeat does only what is missing. */
export class Perform {
  private stranger: Promise<ProbeIdentity> | null = null;
  private serial = 0;
  private readonly impostors = new Map<string, Promise<ProbeIdentity>>();
  private readonly sessions = new SavedSessions();
  private readonly recent: RecentReads;

  constructor(private readonly ports: Ports) {
    this.recent = new RecentReads(ports.fleets, ports.rotations, ports.clock);
  }

  /**
   * The result goes to the journal: no secrets. `together` resolves when all hosts that are let switch at once are
   * ready for it. Throws PortError for everything the world may do to us.
   */
  async perform(effect: Effect, state: RotationState, term: number, together = alone): Promise<Result> {
    const context = await this.context(state, term, isHostEffect(effect) ? effect.hostId : null, together);
    return isHostEffect(effect)
      ? HOST_EFFECTS[effect.kind](context, effect)
      : FLEET_EFFECTS[effect.kind](context);
  }

  /** Lets a switched host wait for the decision another `deadlineMs`. Throws PortError `host.not-armed` and the gateway's others. */
  async renew(hostId: string, state: RotationState, term: number, deadlineMs: number): Promise<void> {
    const context = await this.context(state, term, hostId);
    await host.renew(context, hostId, deadlineMs);
  }

  /** `hostId` null: for the CA, which asks no host. */
  private async context(
    state: RotationState,
    term: number,
    hostId: string | null,
    together = alone,
  ): Promise<EffectContext> {
    this.stranger ??= this.ports.mint.stranger();
    const stranger = await this.stranger;
    const { snapshot } = state;
    const { rotationId, installation, epoch } = snapshot;
    const { fleetId } = hostId === null ? snapshot : fleetOfHost(snapshot, hostId);
    const batch = hostId === null ? [] : hostsOf(snapshot, hostScope(snapshot, hostId));
    const fleet = await this.recent.fleet(fleetId, batch);
    const token = () => ({ installation, rotation: rotationId, epoch, term, serial: ++this.serial });
    const impostor = (caPem: string) => this.impostor(caPem);
    const { ports, recent, sessions } = this;
    return { ports, recent, sessions, state, fleet, token, stranger, impostor, together };
  }

  private impostor(caPem: string): Promise<ProbeIdentity> {
    const known = this.impostors.get(caPem);
    if (known) return known;
    const [oldest] = this.impostors.keys();
    if (oldest !== undefined && this.impostors.size >= IMPOSTORS_KEPT) this.impostors.delete(oldest);
    const made = this.ports.mint.impostor(caPem);
    this.impostors.set(caPem, made);
    return made;
  }
}
