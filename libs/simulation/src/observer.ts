import type { JournalEntry } from '#engine';
import {
  activeHosts,
  audit,
  COURSES,
  decidedKind,
  fleetOfHost,
  fleetsOf,
  generationsFor,
  type RotationState,
  reduce,
  refreshTry,
  renewedNow,
  type Violation,
} from '#rotation';
import { digestOf } from '#trust';
import { builtFor, isApprovedSinceBuilt, isIntended, oldDigest, overlapDigests } from './observed.js';
import { PINNED_ROLE, type SimCa } from './sim-ca.js';
import type { SimHost } from './sim-host.js';
import { fingerprintOf } from './trust.js';

/** Something that must never be, seen by one who knows the whole world. */
export interface Breach {
  readonly invariant: string;
  /** Milliseconds since the world began. */
  readonly at: number;
  readonly says: string;
}

export interface Watched {
  readonly fleetId: string;
  /** By id in the journal. */
  readonly hosts: ReadonlyMap<string, SimHost>;
}

/**
 * Holds what the service believes against what the hosts really do, at every change of a host, the CA or the
 * journal. It sees through every partition and asks nobody.
 */
export class Observer {
  readonly breaches: Breach[] = [];
  private readonly rotations = new Map<string, JournalEntry[]>();
  private readonly states = new Map<string, RotationState>();
  /** Hosts that somebody tampered with, until a step of ours has seen them right again. */
  private readonly tampered = new Map<SimHost, number>();

  constructor(
    private readonly ca: SimCa,
    private readonly fleets: readonly Watched[],
    private readonly now: () => number,
    private readonly began: number,
  ) {}

  stateOf(rotationId: string): RotationState | undefined {
    return this.states.get(rotationId);
  }

  journalOf(rotationId: string): readonly JournalEntry[] {
    return this.rotations.get(rotationId) ?? [];
  }

  /** Somebody else changed the host: what it serves is no fault of ours until we have seen to it. */
  tamper(host: SimHost): void {
    this.tampered.set(host, this.now());
  }

  appended(rotationId: string, entries: readonly JournalEntry[]): void {
    const journal = this.rotations.get(rotationId) ?? [];
    journal.push(...entries);
    this.rotations.set(rotationId, journal);
    for (const entry of entries) {
      const state = reduce(this.states.get(rotationId) ?? null, entry);
      this.states.set(rotationId, state);
      this.judge(state, entry);
    }
  }

  /** A host renamed, reloaded, booted or was reimaged. */
  changed(host: SimHost, what: string): void {
    if (what === 'rename') this.judgeRename(host);
    this.judgeClients(`${host.id} ${what}`);
  }

  caChanged(): void {
    const [mute] = this.ca.roles.has(PINNED_ROLE) ? this.ca.muteRoles : [];
    if (mute) this.report('promise 2', `nobody gets a certificate through role ${mute}`);
    this.judgeClients('the CA changed');
  }

  /** The whole journal once more, by the auditor's own rules. */
  finish(rotationId: string): void {
    for (const { invariant, sequence, says } of this.auditOf(rotationId)) {
      this.report(invariant, `entry ${sequence}: ${says}`);
    }
  }

  report(invariant: string, says: string): void {
    this.breaches.push({ invariant, at: this.now() - this.began, says });
  }

  private auditOf(rotationId: string): readonly Violation[] {
    return audit(this.journalOf(rotationId));
  }

  private judge(state: RotationState, { event }: JournalEntry): void {
    if (event.type === 'effect.succeeded') this.forgive(state, event.effectId);
    if (event.type === 'decision.made' && event.decision.kind === 'keep') this.judgeKeep(state);
    if (event.type === 'decision.made' && event.decision.kind === 'activate') {
      this.judgeServing(state, 'I7', 'activate');
    }
    const { oneWay } = COURSES[state.snapshot.strategy];
    if (event.type === 'decision.made' && event.decision.kind === 'contract' && !oneWay) {
      this.judgeServing(state, 'I2', 'contract');
      this.judgeGate(state);
      this.judgeApproval(state);
    }
    if (event.type === 'rotation.ended') this.judgeEnd(state, event.status);
    this.judgeClients(event.type);
  }

  private forgive(state: RotationState, effectId: string): void {
    const seen = /\/host\.(confirm|reconcile|prove-reverted)\/(.+)$/.exec(effectId);
    const host = seen?.[2] === undefined ? undefined : this.hostsOf(state).get(seen[2]);
    if (!host) return;
    // What was looked at before somebody tampered with it says nothing of what is there now.
    const begunAt = Date.parse(state.effects.get(effectId)?.begunAt ?? '');
    if (begunAt > (this.tampered.get(host) ?? 0)) this.tampered.delete(host);
  }

  /** I10, and what the journal believes of the timers must not be more than they are. */
  private judgeKeep(state: RotationState): void {
    for (const id of activeHosts(state)) {
      const host = this.hostsOf(state).get(id);
      if (!host?.up || host.deadline === null || this.tampered.has(host)) continue;
      if (host.deadline <= host.monotonic()) this.report('I10', `keep: ${host.id} has stopped waiting`);
    }
  }

  private judgeServing(state: RotationState, invariant: string, what: string): void {
    for (const id of activeHosts(state)) {
      const host = this.hostsOf(state).get(id);
      if (!host || this.tampered.has(host)) continue;
      if (digestOf(host.serving) !== builtFor(state, id)?.overlap.digest)
        this.report(invariant, `${what}: ${host.id} does not serve the overlap`);
      if (host.up && host.deadline !== null) this.report(invariant, `${what}: ${host.id} is still armed`);
    }
  }

  /** Promise 2: while somebody needs the old CA it is dropped only where a person says so. */
  private judgeGate({ snapshot, override }: RotationState): void {
    if (snapshot.contractWhen !== 'unused' || override !== null) return;
    if (this.now() < this.ca.lastHeldUntil)
      this.report('promise 2', 'contract: a client of the old CA is left');
  }

  /** I14: whoever asked is not enough, and what was approved is what hosts will serve. */
  private judgeApproval({ snapshot }: RotationState): void {
    if (snapshot.approval !== 'contract') return;
    const approved = isApprovedSinceBuilt(this.journalOf(snapshot.rotationId), 'second person');
    if (!approved) this.report('I14', 'contract: no second person approved of it');
  }

  /** I4: nothing is switched that the fleet did not decide; the way back may always be taken by the dead-man. */
  private judgeRename(host: SimHost): void {
    const { digest } = host;
    for (const state of this.states.values()) {
      if (state.ended) continue;
      const id = [...this.hostsOf(state)].find(([, one]) => one === host)?.[0];
      const built = id === undefined ? null : builtFor(state, id);
      if (id === undefined || !built) continue;
      const { contracts, oneWay } = COURSES[state.snapshot.strategy];
      const wave = state.snapshot.waves.findIndex((hosts) => hosts.includes(id));
      const contract = `contract.${state.attempt.contract}`;
      if (oneWay) {
        this.judgeDistrust(state, host, digest === built.next.digest);
        continue;
      }
      const far = renewedNow(state, fleetOfHost(state.snapshot, id).fleetId)?.overlap.digest;
      const refreshing = digest === far && host.state?.to === digest;
      if (refreshing && !state.decisions.has(`go/refresh.${refreshTry(state)}/${wave}`)) {
        this.report('I4', `${host.id} switched to other CRLs before \`go\``);
      }
      const expanding = digest === built.overlap.digest && host.state?.to === digest;
      if (expanding && !state.decisions.has(`go/expand.1/${wave}`)) {
        this.report('I4', `${host.id} switched to the overlap before \`go\``);
      }
      if (contracts && digest === built.next.digest && !state.decisions.has(`go/${contract}/${wave}`)) {
        this.report('I4', `${host.id} switched to the new generation before \`go\``);
      }
      if ((expanding || digest === built.next.digest) && !isIntended(state, id)) {
        this.report('I6', `${host.id} switched before the journal had an intent to do so`);
      }
    }
  }

  /** I12: whatever is renamed behind `keep` is without what is distrusted, and nothing is renamed before it. */
  private judgeDistrust(state: RotationState, host: SimHost, far: boolean): void {
    const kept = decidedKind(state, 'outcome/contract.1') === 'keep';
    if (!kept) this.report('I4', `${host.id} switched before it was decided`);
    if (!far) this.report('I12', `${host.id} was switched to something else than the bundle without it`);
  }

  /** Promise 2: nobody in good standing is refused, whatever happens. */
  private judgeClients(when: string): void {
    for (const { hosts, fleetId } of this.fleets) {
      const state = this.newestOf(fleetId);
      const built = state && generationsFor(state, fleetId);
      for (const [id, host] of hosts) {
        if (this.tampered.has(host) || state?.decommissioned.has(id)) continue;
        this.judgeOldClients(host, state, when);
        // What stood there before a repair is nobody's generation.
        if (!built || state.snapshot.strategy === 'sync') continue;
        const known = [built.next.digest, oldDigest(state, fleetId), ...overlapDigests(state, fleetId)];
        if (!known.includes(host.digest)) this.report('I1', `${when}: ${host.id} has an unknown file`);
      }
    }
    this.judgeNewClients(when);
  }

  private judgeOldClients(host: SimHost, state: RotationState | undefined, when: string): void {
    const contracting = state?.decisions.has(`contract.${state.attempt.contract}`) ?? false;
    const drill = state?.snapshot.strategy === 'rehearse';
    if (!drill && (contracting || state?.ended?.status === 'succeeded')) return;
    if (state?.snapshot.epoch !== 1 && state) return;
    if (!host.trust.anchors.has(fingerprintOf(0))) {
      this.report('promise 2', `${when}: ${host.id} refuses clients of the old CA, which nobody dropped`);
    }
  }

  /** I8, I11: whoever may hold a certificate of a new CA is let in everywhere. */
  private judgeNewClients(when: string): void {
    for (const ca of this.ca.issuedFrom) {
      if (ca === 0) continue;
      for (const { hosts, fleetId } of this.fleets) {
        const state = this.newestOf(fleetId);
        for (const [id, host] of hosts) {
          if (this.tampered.has(host) || state?.decommissioned.has(id)) continue;
          if (host.trust.anchors.has(fingerprintOf(ca))) continue;
          this.report('I11', `${when}: ${host.id} refuses clients of the new CA, which may issue`);
        }
      }
    }
  }

  /** I3, as the hosts and the CA have it. */
  private judgeEnd(state: RotationState, status: string): void {
    for (const id of activeHosts(state)) {
      const host = this.hostsOf(state).get(id);
      if (!host || this.tampered.has(host)) continue;
      const { fleetId } = fleetOfHost(state.snapshot, id);
      const repair = state.snapshot.strategy === 'sync' && status !== 'succeeded';
      if (repair) continue;
      const digest = status === 'succeeded' ? builtFor(state, id)?.next.digest : oldDigest(state, fleetId);
      if (host.digest !== digest) this.report('I3', `${status}: ${host.id} has another file`);
      if (digestOf(host.serving) !== digest) this.report('I3', `${status}: ${host.id} serves another bundle`);
      if (host.up && host.deadline !== null) this.report('I3', `${status}: ${host.id} is still armed`);
    }
    this.judgeCa(state, status);
    if (this.ca.created > 1 && state.snapshot.epoch === 1) this.report('F44', 'a second issuer was created');
  }

  private judgeCa(state: RotationState, status: string): void {
    const { movesCa } = COURSES[state.snapshot.strategy];
    if (!movesCa && this.ca.issuers.length > 1) this.report('promise 3', 'an issuer that nobody asked for');
    if (status === 'succeeded') {
      if (movesCa && this.ca.mayIssue(0)) this.report('I8', 'succeeded while the old CA can still issue');
      if (movesCa && this.pinnedTo(0)) this.report('I8', 'succeeded while a role names the old CA');
      return;
    }
    if (decidedKind(state, 'activate.1')) return;
    if (this.ca.roles.has(PINNED_ROLE) && !this.pinnedTo(0)) {
      this.report('promise 3', `${status}: a role names another issuer than before`);
    }
    if (this.ca.issuing !== 0) this.report('promise 3', `${status}: the default of the CA is another one`);
    if (this.ca.issuers.length !== 1) this.report('promise 3', `${status}: the new issuer is still there`);
    if (!this.ca.followsLatest && state.effects.has('ca.prepare')) {
      this.report('promise 3', `${status}: the default no longer follows the latest issuer`);
    }
  }

  private pinnedTo(ca: number): boolean {
    const id = this.ca.roles.get(PINNED_ROLE);
    return this.ca.issuers.some((issuer) => issuer.id === id && issuer.ca === ca);
  }

  private newestOf(fleetId: string): RotationState | undefined {
    return [...this.states.values()].findLast(({ snapshot }) =>
      fleetsOf(snapshot).some((fleet) => fleet.fleetId === fleetId),
    );
  }

  private hostsOf({ snapshot }: RotationState): ReadonlyMap<string, SimHost> {
    const ids = fleetsOf(snapshot).map(({ fleetId }) => fleetId);
    return new Map(this.fleets.flatMap(({ fleetId, hosts }) => (ids.includes(fleetId) ? [...hosts] : [])));
  }
}
