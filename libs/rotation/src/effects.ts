import type { UsageVerdict } from './usage-verdict.js';
import type { GenerationRef, TransitionName } from './vocabulary.js';

/** Effects on the issuing CA and on our own records. */
export type FleetEffectKind =
  /** Read the mount: product, default issuer, roles that pin an issuer. */
  | 'ca.survey'
  /** Create the new issuer, kept from issuing. */
  | 'ca.prepare'
  /** Issue the probe leaf of the CA on its way out. */
  | 'ca.old-leaf'
  /** A leaf by which the hosts can be asked, where the CA gives one; that it gives none is no failure. */
  | 'ca.witness'
  /** Distrust: no issuer with a distrusted key may issue any more. */
  | 'ca.stop-issuing'
  /** Rehearse: a CA that nobody else knows, and a client of it. */
  | 'canary.mint'
  /** Build and record the generations of the rotation. */
  | 'generations.build'
  /** Check the samples against both generations as nginx would. */
  | 'samples.verify'
  /** The new issuer may issue. */
  | 'ca.allow-new'
  /** Issue the canary leaf by issuer reference. */
  | 'ca.new-leaf'
  | 'ca.switch-default'
  /** Roles that named the old issuer name the new one. */
  | 'ca.move-roles'
  /** A leaf from the default path is the new issuer's. */
  | 'ca.verify-default'
  | 'ca.restrict-old'
  /** Before a contract: who may still need the old CA. */
  | 'usage.judge'
  /** While the fleet trusts both: the overlap with the CRLs of now, where that is worth a switch. */
  | 'crls.renew'
  /** Before a contract: the mount is as the activation left it, so that nobody needs the old CA (I8); CRLs are of now. */
  | 'ca.check-retired'
  /** Undo of a failed activation: default and roles back to OLD, NEW restricted. */
  | 'ca.fall-back'
  /** Undo of everything before `activate`: the new issuer is gone, the mount is as it was. */
  | 'ca.withdraw';

/** Effects on one host, or what one host is asked. */
export type HostEffectKind =
  /** Reachable, pinned key, disk, clock, nginx, directives, drift, probes answer as they must today. */
  | 'host.inspect'
  | 'host.stage'
  | 'host.commit'
  /** Positive and negative probes and the marker, on every listener of the host. */
  | 'host.prove'
  | 'host.confirm'
  | 'host.discard'
  | 'host.revert'
  /** The near side is what the host serves again. */
  | 'host.prove-reverted'
  /** No worker of before the switch serves anybody any more. */
  | 'host.drained'
  /** Looks again whether the overlap is served, and brings back a host that was restored from an older state. */
  | 'host.reconcile'
  /** The canary leaf of the new CA is accepted. */
  | 'host.canary';

/**
 * One thing the engine does to the world. `id` is unique within a rotation; the same id is the same thing, so
 * a repeat after a crash looks first and does only what is missing.
 */
export type Effect = FleetEffect | HostEffect;

export interface FleetEffect {
  readonly id: string;
  readonly kind: FleetEffectKind;
}

export interface HostEffect {
  readonly id: string;
  readonly kind: HostEffectKind;
  readonly hostId: string;
  readonly transition: TransitionName;
}

export function isHostEffect(effect: Effect): effect is HostEffect {
  return effect.kind.startsWith('host.');
}

export function fleetEffect(kind: FleetEffectKind, scope?: string): Effect {
  return { id: scope ? `${scope}/${kind}` : kind, kind };
}

export function hostEffect(
  transition: TransitionName,
  attempt: number,
  kind: HostEffectKind,
  hostId: string,
): HostEffect {
  return { id: `${transition}.${attempt}/${kind}/${hostId}`, kind, hostId, transition };
}

/** A role of the PKI, and the issuer (id or name) that it issues from whatever the default is. */
export interface PinnedRole {
  readonly name: string;
  readonly issuerRef: string;
}

/** A CA that a fleet drops and whose clients it lets in when they send it along, because what signed it stays. */
export interface StillTrusted {
  readonly subject: string;
  /** Subject of the CA that stays. */
  readonly through: string;
}

/** What a contract brings a fleet in place of what was built, because its CRLs are others by now. */
export interface RenewedGeneration {
  readonly fleetId: string;
  readonly next: GenerationRef;
  /** How many samples it lets in, and those that it refuses; missing in entries of an earlier release. */
  readonly samples?: { readonly accepted: number; readonly refusedAfterContract: readonly string[] };
}

/** The overlap of one fleet with other CRLs, which takes the place of the one that its hosts have. */
export interface RenewedOverlap {
  readonly fleetId: string;
  readonly overlap: GenerationRef;
  /** How many samples that are to be let in it lets in, and the names of the others: their CA revoked them. */
  readonly samples: { readonly accepted: number; readonly refused: readonly string[] };
  /** Its CRL that ends first; missing where none has an end. */
  readonly crlEnds?: CrlEnd;
}

/** Whose CRL ends when: from then on hosts refuse all clients of this CA. */
export interface CrlEnd {
  readonly issuer: string;
  /** RFC 3339 UTC. */
  readonly at: string;
}

/** What effects report back. Only what later decisions or people need; never a secret. */
export interface EffectResults {
  'ca.survey': {
    readonly product: string;
    readonly defaultIssuerId: string;
    readonly defaultFollowsLatest: boolean;
    /** A person switches the CA; missing where Windlass does. */
    readonly byHand?: boolean;
    /** Roles that name the old issuer, and how: they move with the default. Missing where such a role is refused. */
    readonly pinnedRoles?: readonly PinnedRole[];
    /** Roles that name a third issuer, which are left as they are. */
    readonly otherRoles?: readonly PinnedRole[];
  };
  'ca.move-roles': { readonly moved: readonly string[] };
  'ca.prepare': {
    readonly issuerId: string;
    readonly issuerName: string;
    readonly subject: string;
    readonly notAfter: string;
    /** SHA-256 of the certificate, lower-case hex; missing in entries of an earlier release. */
    readonly fingerprint?: string;
  };
  'generations.build': {
    readonly overlap: GenerationRef;
    readonly next: GenerationRef;
    readonly trustDiff: string;
    /** Left out where the new generation lets in nobody whom it should not. */
    readonly stillTrusted?: readonly StillTrusted[];
    /** The CRL of the overlap that ends first; missing where there is none. */
    readonly crlEnds?: CrlEnd;
    /** Left out by releases that rotated one fleet at a time. */
    readonly otherFleets?: readonly {
      readonly fleetId: string;
      readonly overlap: GenerationRef;
      readonly next: GenerationRef;
      readonly trustDiff: string;
      readonly stillTrusted?: readonly StillTrusted[];
      readonly crlEnds?: CrlEnd;
    }[];
  };
  'crls.renew': {
    /** Empty where the hosts would gain nothing. */
    readonly renewed: readonly RenewedOverlap[];
  };
  'ca.check-retired': {
    /** New-only generations in place of those that were built before the soak: other CRLs, the same anchors. */
    readonly renewed?: readonly RenewedGeneration[];
  };
  'ca.witness': {
    /** Why there is no leaf, or null. */
    readonly unavailable: string | null;
  };
  'ca.stop-issuing': {
    /** Names of the issuers that no longer issue. */
    readonly stopped: readonly string[];
    /** Names of those that only a person can stop; missing where there is none. */
    readonly byHand?: readonly string[];
  };
  'canary.mint': { readonly subject: string };
  'usage.judge': UsageVerdict;
  'samples.verify': {
    readonly accepted: readonly string[];
    readonly refusedAfterContract: readonly string[];
    /** Missing in entries of an earlier release. */
    readonly byFleet?: readonly {
      readonly fleetId: string;
      /** How many are accepted in every phase. */
      readonly accepted: number;
      readonly refusedAfterContract: readonly string[];
      /** Whose OpenSSL said so. */
      readonly verifiedBy: readonly string[];
    }[];
  };
}
