import { anchorId, coverAnchors, crlsIn, type RevocationList, revokedBy } from '#trust';
import { anchorsIn, crlsBeside } from '../generation-anchors.js';
import type { Ports } from '../perform/context.js';
import type { Fleet } from '../ports/fleet-store.js';
import { PortError } from '../ports/problem.js';
import { takeCrls } from './given-crls.js';

/** One CRL, as people read it. Times in milliseconds since the epoch. */
export interface CrlView {
  readonly thisUpdate: number;
  readonly nextUpdate: number | null;
  readonly revoked: number;
}

/** An anchor of a fleet, the CRL that its hosts have of it, and the one that people handed in. */
export interface AnchorCrls {
  readonly anchor: string;
  readonly subject: string;
  readonly served: CrlView | null;
  readonly handedIn: CrlView | null;
}

/** The CRLs of fleets that check revocation. Throws PortError `fleet.not-found`, `fleet.no-revocation`. */
export class CrlsOfFleet {
  constructor(private readonly ports: Pick<Ports, 'fleets' | 'clock'>) {}

  /** What to record of CRLs that are handed in. Throws PortError `crl.unusable` as well. */
  async take(fleetId: string, crlsPem: string): Promise<string> {
    const fleet = await this.checking(fleetId);
    const lists = takeCrls(crlsPem, anchorsIn(fleet.generation), this.ports.clock.now());
    return lists.map(({ pem }) => pem).join('');
  }

  /** One for each anchor of the generation last decided. */
  async list(fleetId: string): Promise<readonly AnchorCrls[]> {
    const { generation, crlsPem } = await this.checking(fleetId);
    const now = this.ports.clock.now();
    const handedIn = coverAnchors(anchorsIn(generation), crlsIn(crlsPem), now);
    return crlsBeside(generation, now).map(({ anchor, list }, at) => ({
      ...{ anchor: anchorId(anchor), subject: anchor.subject, served: viewOf(list) },
      handedIn: viewOf(handedIn[at]?.list ?? null),
    }));
  }

  private async checking(fleetId: string): Promise<Fleet> {
    const fleet = await this.ports.fleets.fleet(fleetId);
    if (fleet.revocation === 'crl') return fleet;
    throw new PortError({
      code: 'fleet.no-revocation',
      message: `Fleet ${fleet.name} checks no revocation.`,
      nextStep: 'Record the fleet with revocation "crl", once its hosts have ssl_crl (docs/crls.md).',
    });
  }
}

function viewOf(list: RevocationList | null): CrlView | null {
  if (list === null) return null;
  const { thisUpdate, nextUpdate } = list;
  return { thisUpdate, nextUpdate, revoked: revokedBy(list).length };
}
