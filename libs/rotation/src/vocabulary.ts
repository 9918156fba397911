/**
 * The words of a rotation (design.md section 2). Pure data: everything here goes to the journal as JSON.
 */

/**
 * A switch of the whole fleet from one generation to the next: all-new or all-old. `refresh`: from the overlap to the same
 * anchors with the CRLs of now, while the soak goes on.
 */
export type TransitionName = 'expand' | 'refresh' | 'contract';

/** The three bundles of a rotation. `overlap` trusts both CAs. */
export type GenerationRole = 'old' | 'overlap' | 'new';

export const PHASES = ['preflight', 'stage', 'expand', 'activate', 'soak', 'contract', 'done'] as const;
export type RotationPhase = (typeof PHASES)[number];

/** The four last ones end a rotation. */
export const STATUSES = [
  'pending',
  'running',
  'paused',
  'blocked',
  'succeeded',
  'reverted',
  'refused',
  'cancelled',
] as const;
export type RotationStatus = (typeof STATUSES)[number];

export type EndStatus = 'succeeded' | 'reverted' | 'refused' | 'cancelled';

/** Same shape as the problem that ports throw; repeated here because this library knows no port. */
export interface Reason {
  readonly code: string;
  readonly message: string;
  readonly nextStep: string;
  readonly detail?: string;
}

/** What one worker at a time may act on: the decisions and the CA, or the hosts of one batch. */
export type Scope = 'coordinator' | `batch/${number}`;

/** Milliseconds, by the clock of the journal or of the host. */
export interface Timing {
  /** How long a host stands by its yes vote; behind that it drops what it staged and refuses to switch. */
  readonly voteMs: number;
  /** A switched host that nobody confirmed or renewed for so long puts the near side back by itself. */
  readonly deadlineMs: number;
  /** Nothing is decided on a vote or a deadline with less than this left. */
  readonly marginMs: number;
  /**
   * How long a contract waits for workers of before the switch that still serve the connections they have; missing in
   * entries of an earlier release, which did not wait.
   */
  readonly drainMs?: number;
}

/**
 * When the old CA may be dropped. `unused`: once nobody can need it any more, or a person says so, and not before the
 * soak is over. `soaked`: once the soak is over, whoever still uses it.
 */
export const CONTRACT_WHEN = ['unused', 'soaked'] as const;
export type ContractWhen = (typeof CONTRACT_WHEN)[number];

/** Before what a second person has to approve: `contract`, before the old CA is dropped. */
export const APPROVALS = ['none', 'contract'] as const;
export type Approval = (typeof APPROVALS)[number];

/**
 * `overlap`: from the old CA to a new one. `replace`: to another bundle in one switch. `distrust`: without some anchors,
 * at once and for good. `sync`: every host to the bundle that the fleet is recorded to serve. `rehearse`: a canary CA
 * is trusted and dropped again. `refresh`: the same anchors, with the CRLs of now.
 */
export const STRATEGIES = ['overlap', 'replace', 'distrust', 'sync', 'rehearse', 'refresh'] as const;
export type Strategy = (typeof STRATEGIES)[number];

/** What was fixed when the rotation was asked for. Hosts that join or leave later do not change it. */
export interface RotationSnapshot {
  readonly rotationId: string;
  readonly fleetId: string;
  readonly fleetName: string;
  readonly strategy: Strategy;
  readonly installation: string;
  readonly epoch: number;
  /** Every host in exactly one wave; the first wave is the canary. */
  readonly waves: readonly (readonly string[])[];
  /** Hosts of one batch at most; a batch never crosses a wave. */
  readonly batchSize: number;
  readonly timing: Timing;
  readonly hostNames: Readonly<Record<string, string>>;
  readonly soakSeconds: number;
  /** Missing in entries of an earlier release, which dropped the old CA when the soak was over. */
  readonly contractWhen?: ContractWhen;
  /** Missing in entries of an earlier release, which asked for none. */
  readonly approval?: Approval;
  readonly caTtlSeconds: number;
  readonly old: GenerationRef;
  /** Replace: PEM of the anchors that are trusted then, and of the CRLs that were given with them. */
  readonly target?: string;
  /** Distrust: subject key identifiers (RFC 5280 4.2.1.2) of the anchors that go, lower-case hex. */
  readonly distrusted?: readonly string[];
  /** Replace: anchors that were distrusted, and that a person wants back. */
  readonly retrusted?: readonly string[];
  /** Further fleets that trust the same issuing CA: it switches for all of them or for none (I11). */
  readonly otherFleets: readonly FleetSnapshot[];
  readonly requestedBy: string;
  readonly reason: string;
  /** W3C Trace Context of the request, where it was traced: what is done for it belongs to that trace. */
  readonly traceparent?: string;
}

/** One fleet of a rotation, and what it served when the rotation was asked for. */
export interface FleetSnapshot {
  readonly fleetId: string;
  readonly fleetName: string;
  readonly old: GenerationRef;
  readonly hostIds: readonly string[];
}

export interface GenerationRef {
  readonly id: string;
  readonly number: number;
  readonly digest: string;
  readonly marker: string | null;
}
