import { Inject, Injectable } from '@nestjs/common';
import { FleetRecords, notFound, RotationRecords } from '#persistence';
import { outOfScope } from './access-faults.js';
import type { Reach } from './access-rule.js';
import type { Caller } from './caller.js';

type Confined = readonly string[];

const ROTATION = /^\/v1\/rotations\/([0-9a-f-]{36})$/;

/**
 * Keeps callers to their fleets. What is out of scope is not found, in the words for what is not there: whoever has
 * no business with a fleet does not learn that it exists. All of it throws PortError `fleet.not-found`,
 * `rotation.not-found`, and RequestFault `request.out-of-scope` for what reaches beyond fleets that may be seen.
 */
@Injectable()
export class FleetScope {
  constructor(
    @Inject(FleetRecords) private readonly fleets: FleetRecords,
    @Inject(RotationRecords) private readonly rotations: RotationRecords,
  ) {}

  /** Refuses a caller whose fleets are not all that the route reaches. */
  async refuseBeyond(
    { fleets }: Caller,
    reach: Reach,
    { fleetId = '', rotationId = '' }: Readonly<Record<string, string | undefined>>,
  ): Promise<void> {
    if (fleets === null || reach === 'nothing' || reach === 'own-fleets') return;
    if (reach === 'installation') throw outOfScope('this concerns the whole installation');
    if (reach === 'rotation') return this.refuseRotation(fleets, rotationId);
    refuseFleet(fleets, fleetId);
    if (reach === 'issuing-ca') await this.refuseSharedCa(fleets, fleetId);
  }

  /** As {@link refuseBeyond}, for a rotation that is asked for. */
  async refuseStart(
    { fleets }: Caller,
    wish: { readonly fleetId: string; readonly together: readonly string[]; readonly strategy: string },
  ): Promise<void> {
    if (fleets === null) return;
    for (const fleetId of [wish.fleetId, ...wish.together]) refuseFleet(fleets, fleetId);
    // The one moves the issuing CA to another issuer, the other keeps it from issuing.
    if (['overlap', 'distrust'].includes(wish.strategy)) await this.refuseSharedCa(fleets, wish.fleetId);
  }

  /**
   * As {@link refuseBeyond}, for a reply that was given before and is about to be repeated: the fleets of its caller
   * may be fewer since. Of what is not a rotation the path tells the fleet, and the rule of the route has refused it.
   */
  async refuseShown({ fleets }: Caller, location: string | undefined): Promise<void> {
    const [, rotationId] = ROTATION.exec(location ?? '') ?? [];
    if (fleets !== null && rotationId !== undefined) await this.refuseRotation(fleets, rotationId);
  }

  private async refuseRotation(fleets: Confined, rotationId: string): Promise<void> {
    const moved = await this.rotations.fleetsOf(rotationId);
    if (!moved.every((id) => fleets.includes(id))) throw notFound('rotation', rotationId);
  }

  private async refuseSharedCa(fleets: Confined, fleetId: string): Promise<void> {
    const sharing = await this.fleets.fleetsOfSameCa(fleetId);
    if (sharing.every((id) => fleets.includes(id))) return;
    throw outOfScope('the issuing CA of this one serves others as well, which this would reach');
  }
}

function refuseFleet(fleets: Confined, fleetId: string): void {
  if (!fleets.includes(fleetId.toLowerCase())) throw notFound('fleet', fleetId);
}
