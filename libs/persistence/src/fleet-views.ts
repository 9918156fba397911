import type {
  AwsPcaCa,
  DistrustedAnchor,
  DriftFinding,
  HostDrift,
  NewUploadedCa,
  ParentIssuer,
  PinnedRoles,
  ProbeTarget,
  Revocation,
  SampleClient,
  Schedule,
  ScheduleKind,
  Secret,
  SshServer,
  TokenOrAppRole,
  VaultMount,
} from '#engine';
import type { Approval, ContractWhen, RotationPhase, RotationStatus, Strategy } from '#rotation';
import type { MaintenanceWindow } from '#schedule';
import type { AnchorView } from './generation-anchors.js';

/** What people hand in, and what they get to see: secrets go in and never come out. */

export type NewIssuingCa =
  | (Omit<VaultMount, 'id'> & TokenOrAppRole)
  | Omit<AwsPcaCa, 'id'>
  | {
      readonly kind: 'upload';
      readonly name: string;
      /** The one that clients get certificates from today. */
      readonly first: NewUploadedCa;
    };

/** How the issuers of a Vault are made and followed; what is left out stays as it is, or is as for a new one. */
export type CaWays = Pick<VaultMount, 'signedBy' | 'pinnedRoles'>;

export interface NewFleet {
  readonly name: string;
  readonly soakSeconds: number;
  readonly contractWhen: ContractWhen;
  /** `none` when left out. */
  readonly approval?: Approval;
  /** Absolute path on every host, or null. */
  readonly clientLog: string | null;
  /** True when left out. */
  readonly generationMarker?: boolean;
  /** `none` when left out. */
  readonly revocation?: Revocation;
  readonly canaryHosts: number;
  readonly caTtlSeconds: number;
  /**
   * Taken over from an earlier fleet with the same address, namespace and mount; role and login are renewed, and of
   * {@link CaWays} what is given.
   */
  readonly issuingCa: NewIssuingCa;
  /** What the hosts serve today: generation 1. `digest` is the lower-case hex SHA-256 of `content`. */
  readonly generation: { readonly content: string; readonly digest: string; readonly marker: string | null };
}

export type IssuingCaView =
  | {
      readonly kind: 'vault';
      readonly id: string;
      readonly address: string;
      readonly namespace: string;
      readonly mount: string;
      readonly role: string;
      readonly login: 'token' | 'appRole';
      readonly signedBy: ParentIssuer | null;
      readonly pinnedRoles: PinnedRoles;
    }
  | { readonly kind: 'upload'; readonly id: string; readonly name: string }
  | (Omit<AwsPcaCa, 'accessKey'> & {
      /** Null for the role of the machine. */
      readonly accessKeyId: string | null;
    });

export interface GenerationView {
  readonly id: string;
  readonly number: number;
  readonly digest: string;
  readonly marker: string | null;
  readonly createdAt: Date;
}

/** What goes on in a fleet, as it was recorded by those who look and who act. */
export interface FleetGlance {
  /** Without the decommissioned ones. */
  readonly hostCount: number;
  /** By the last look at each host. */
  readonly drift: {
    readonly state: HostDrift['state'];
    /** When a host was looked at last; null: none ever was. */
    readonly checkedAt: Date | null;
    readonly inSync: number;
    readonly drifted: number;
    /** Those among them that nobody has looked at since the fleet serves what it serves now. */
    readonly unknown: number;
  };
  /** The one that has not ended, with all fleets that it moves. */
  readonly rotation: {
    readonly id: string;
    readonly status: RotationStatus;
    readonly phase: RotationPhase;
    readonly strategy: Strategy;
    readonly fleetIds: readonly string[];
  } | null;
  /** Those that rotate it: of all fleets that trust its issuing CA, unless they are off or suspended. */
  readonly schedules: readonly Schedule[];
}

export interface FleetView extends FleetGlance {
  readonly id: string;
  readonly name: string;
  readonly soakSeconds: number;
  readonly contractWhen: ContractWhen;
  readonly approval: Approval;
  /** Absolute path on every host, or null. */
  readonly clientLog: string | null;
  readonly generationMarker: boolean;
  readonly revocation: Revocation;
  readonly canaryHosts: number;
  readonly caTtlSeconds: number;
  readonly issuingCa: IssuingCaView;
  /** The generation last decided. */
  readonly generation: GenerationView;
  /** Of that generation, without its marker. */
  readonly anchors: readonly AnchorView[];
  /** When the first of them ends. */
  readonly expiresAt: Date | null;
  readonly lastRotatedAt: Date | null;
  /** When a fire drill succeeded last. */
  readonly lastRehearsedAt: Date | null;
  readonly distrusted: readonly DistrustedAnchor[];
  readonly createdAt: Date;
}

/** Throws where the fleet is not what its caller takes it for. */
export type FleetCheck = (fleet: FleetView) => void;

export interface NewHost {
  readonly name: string;
  readonly address: string;
  readonly port: number;
  readonly user: string;
  readonly hostKey: string;
  /** Null: the SSH agent of the worker logs in. */
  readonly privateKey: Secret | null;
  /** The server that passes connections on to it; null or left out: it is reached directly. */
  readonly jump?: SshServer | null;
  readonly managedPaths: readonly string[];
  readonly nginxBinary: string;
  /** None when left out. */
  readonly nginxArguments?: readonly string[];
  /** SIGHUP to the master of nginx when left out, or empty. */
  readonly reloadCommand?: readonly string[];
  /** `root` when left out. */
  readonly access?: 'root' | 'installed';
  readonly probeTargets: readonly ProbeTarget[];
}

/** By a stored private key, or by the SSH agent of the worker. */
export type SshLogin = 'key' | 'agent';

export interface HostView extends Omit<NewHost, 'privateKey' | 'jump'> {
  readonly id: string;
  readonly login: SshLogin;
  readonly jump: (Omit<SshServer, 'privateKey'> & { readonly login: SshLogin }) | null;
  readonly fleetId: string;
  readonly createdAt: Date;
  /** When a person took the host out of the fleet, or null: no rotation counts it in from then on. */
  readonly decommissionedAt: Date | null;
  /** What was last seen of it; null: nobody ever looked. */
  readonly observed: ObservedHost | null;
}

export interface ObservedHost extends Pick<HostDrift, 'state' | 'files' | 'listeners' | 'problems'> {
  /** When it was looked at. */
  readonly at: Date;
  /** When it last answered; null: it never did. Files and listeners are of then. */
  readonly seenAt: Date | null;
  /** Number of the fleet's generation that its files held; null: none, or several. */
  readonly generation: number | null;
  /** When the first anchor of that generation ends. */
  readonly expiresAt: Date | null;
}

export type NewSample = Omit<SampleClient, 'id'>;

export interface SampleView extends Omit<NewSample, 'privateKey'> {
  readonly id: string;
  readonly fleetId: string;
  /** True when a key was given, so that the sample may be used in probes. */
  readonly hasPrivateKey: boolean;
  readonly createdAt: Date;
}

export interface NewSchedule {
  /** `rotate` when left out. */
  readonly kind?: ScheduleKind;
  /** At most one of these three; none: each time. */
  readonly rotateWhenDaysLeft?: number | null;
  readonly rotateWhenHoursLeft?: number | null;
  readonly rotateAtLifetimePercent?: number | null;
  readonly cron: string;
  readonly timeZone: string;
  /** None when left out: at any time. */
  readonly windows?: readonly MaintenanceWindow[];
  /** 0 when left out. */
  readonly jitterSeconds?: number;
  /** False when left out. */
  readonly repair?: boolean;
  readonly enabled: boolean;
}

export type ScheduleSettings = {
  readonly [Name in keyof NewSchedule]-?: Exclude<NewSchedule[Name], undefined>;
};

export interface ScheduleView extends ScheduleSettings {
  readonly id: string;
  readonly fleetId: string;
  /** Null where it is to be worked out. */
  readonly nextTickAt: Date | null;
  /** When the schedule last ticked and what the tick found; null before the first. */
  readonly lastTickAt: Date | null;
  readonly lastOutcome: string | null;
  readonly lastDrift: DriftFinding | null;
  /** The rotation after which it starts nothing more by itself. */
  readonly suspendedAt: Date | null;
  readonly suspendedRotationId: string | null;
  readonly suspendedStatus: RotationStatus | null;
  /** Who let it go on the last time, and why. */
  readonly resumedAt: Date | null;
  readonly resumedBy: string | null;
  readonly resumedBecause: string | null;
  readonly createdAt: Date;
}

/** With the name of its fleet, where the schedules of several are listed. */
export interface NamedScheduleView extends ScheduleView {
  readonly fleetName: string;
}
