import type { Revocation, SampleClient } from '#engine';
import type { Approval, ContractWhen, Strategy } from '#rotation';

export interface WorldOptions {
  readonly seed: number;
  readonly hosts: number;
  readonly workers: number;
  readonly soakSeconds: number;
  /** `soaked` when left out. */
  readonly contractWhen?: ContractWhen;
  /** Before what a second person has to approve; `none` when left out. */
  readonly approval?: Approval;
  /** `overlap` when left out. */
  readonly strategy?: Strategy;
  /** Whether hosts have CRLs; `none` when left out. */
  readonly revocation?: Revocation;
  /** Fleets that share the CA, 1 or 2. */
  readonly fleets?: number;
  readonly samples?: readonly SampleClient[];
}
