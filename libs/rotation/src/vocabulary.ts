/**
 * The words of a rotation (design.md section 2). Pure data: everything here goes to the journal as JSON.
 */

/** A switch of the whole fleet from one generation to the next: all-new or all-old. */
export type TransitionName = 'expand' | 'contract';

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

/** Same shape as the problem that ports throw; repeated here because this library imports nothing. */
export interface Reason {
  readonly code: string;
  readonly message: string;
  readonly nextStep: string;
  readonly detail?: string;
}

/** What was fixed when the rotation was asked for. Hosts that join or leave later do not change it. */
export interface RotationSnapshot {
  readonly rotationId: string;
  readonly fleetId: string;
  readonly fleetName: string;
  readonly strategy: 'overlap';
  readonly installation: string;
  readonly epoch: number;
  /** Every host in exactly one wave; the first wave is the canary. */
  readonly waves: readonly (readonly string[])[];
  readonly hostNames: Readonly<Record<string, string>>;
  readonly soakSeconds: number;
  readonly caTtlSeconds: number;
  readonly old: GenerationRef;
  readonly requestedBy: string;
  readonly reason: string;
}

export interface GenerationRef {
  readonly id: string;
  readonly number: number;
  readonly digest: string;
  readonly marker: string | null;
}
