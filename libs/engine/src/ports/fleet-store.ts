import type { Approval, ContractWhen } from '#rotation';
import type { IssuingCa } from './ca-source.js';
import type { HostTarget } from './host-gateway.js';
import type { ProbeTarget } from './probe.js';
import type { Secret } from './secret.js';

/** A numbered, immutable trust bundle of a fleet. Never changed after it was written. */
export interface Generation {
  readonly id: string;
  readonly fleetId: string;
  /** 1, 2, 3, ... within the fleet. */
  readonly number: number;
  /** The PEM text exactly as it lies on the hosts. */
  readonly content: string;
  /** Lower-case hex SHA-256 of `content`. */
  readonly digest: string;
  /** Common name of the generation marker in it, or null for a bundle that came from outside. */
  readonly marker: string | null;
}

/** An enrolled host with the listeners that are probed on it. */
export interface HostRecord extends HostTarget {
  readonly probeTargets: readonly ProbeTarget[];
}

/** A client certificate of the users, and the verdict it must get from the fleet as it is trusted today. */
export interface SampleClient {
  readonly id: string;
  readonly name: string;
  readonly certificatePem: string;
  /** Intermediates that the client sends, empty when none. */
  readonly chainPem: string;
  /** Present when the sample may be used in probes. */
  readonly privateKey: Secret | null;
  readonly expect: 'accepted' | 'refused';
}

/** Whether the hosts of a fleet refuse clients that their CA revoked. */
export const REVOCATIONS = ['none', 'crl'] as const;
export type Revocation = (typeof REVOCATIONS)[number];

export interface Fleet {
  readonly id: string;
  readonly name: string;
  /** Seconds that the fleet trusts old and new before the old CA is dropped. */
  readonly soakSeconds: number;
  /** When the old CA may be dropped, beside the soak. */
  readonly contractWhen: ContractWhen;
  /** Before what a second person has to approve. */
  readonly approval: Approval;
  /** Absolute path of the access log that names clients, on every host; null: none is kept. */
  readonly clientLog: string | null;
  /** Each of its generations carries a certificate that tells it from all others, and ends old TLS sessions. */
  readonly generationMarker: boolean;
  /** `crl`: its hosts have `ssl_crl`, and each generation holds a current CRL of each of its anchors. */
  readonly revocation: Revocation;
  /** CRLs that people handed in, PEM; empty when none. */
  readonly crlsPem: string;
  /** Hosts of the first wave. */
  readonly canaryHosts: number;
  /** Lifetime in seconds of the CA that a rotation creates. */
  readonly caTtlSeconds: number;
  readonly issuingCa: IssuingCa;
  /** The generation last decided: what every host must serve now. */
  readonly generation: Generation;
  readonly hosts: readonly HostRecord[];
  readonly samples: readonly SampleClient[];
  /** Anchors that no bundle of the fleet may hold unless a person says so, by their identifiers; newest last. */
  readonly distrusted: readonly DistrustedAnchor[];
}

/** What a distrust took from a fleet for good (I12). */
export interface DistrustedAnchor {
  /** Subject key identifier, or SHA-256 of the certificate, lower-case hex. */
  readonly anchor: string;
  /** Whose journal says who wanted it, when, and why. */
  readonly rotationId: string;
}

/** What people recorded. Secrets are opened on the way out and never leave as text. */
export abstract class FleetStore {
  /**
   * With all of its hosts, or with those of `hostIds` that are its own: nobody has to hold ten thousand to speak to
   * fifty. Throws PortError `fleet.not-found`.
   */
  abstract fleet(fleetId: string, hostIds?: readonly string[]): Promise<Fleet>;
  /** Every fleet with hosts that trusts the issuing CA, by name. */
  abstract fleetsOn(issuingCaId: string): Promise<readonly { readonly id: string; readonly name: string }[]>;
  /** Writes the next generation of the fleet; the store gives it id and number. Idempotent by digest within the fleet. */
  abstract addGeneration(
    fleetId: string,
    bundle: { content: string; digest: string; marker: string | null },
  ): Promise<Generation>;
  /** The number the next generation of the fleet will get. */
  abstract nextGenerationNumber(fleetId: string): Promise<number>;
  abstract generation(generationId: string): Promise<Generation>;
}
