import { PortError } from '#engine';
import type { Session } from './database.js';
import { IssuingCaEntity } from './entities/issuing-ca.entity.js';
import type { CaWays } from './fleet-views.js';
import { waysOf } from './stored-fleet.js';

/**
 * Throws PortError `rotation.conflict` where a rotation works on a fleet of the issuing CA and the ways given are not
 * those that it began with. Until the transaction ends, no rotation of such a fleet begins.
 */
export async function refuseOtherWays(session: Session, issuingCaId: string, ways: CaWays): Promise<void> {
  const row = await session.manager.findOneOrFail(IssuingCaEntity, {
    where: { id: issuingCaId },
    lock: { mode: 'for_no_key_update' },
  });
  const changed = { ...row, ...waysOf(ways) };
  const columns = ['signedByMount', 'signedByIssuer', 'pinnedRoles'] as const;
  if (columns.every((column) => changed[column] === row[column])) return;
  const [running] = await session.rows<{ fleetName: string; rotationId: string }>(
    `SELECT fleets.name AS "fleetName", rotation_id AS "rotationId"
     FROM fleets JOIN locks ON locks.key = 'fleet:' || fleets.id
     WHERE issuing_ca_id = $1 ORDER BY fleets.name LIMIT 1`,
    [issuingCaId],
  );
  if (running !== undefined) throw inRotation(row.mount, running);
}

/** Counterpart of {@link refuseOtherWays}: until the rotation is there, nobody changes how its CA is rotated. */
export async function holdWays(session: Session, fleetIds: readonly string[]): Promise<void> {
  await session.rows(
    `SELECT 1 FROM issuing_cas WHERE id IN (SELECT issuing_ca_id FROM fleets WHERE id = ANY ($1::uuid[]))
     ORDER BY id FOR SHARE`,
    [fleetIds],
  );
}

function inRotation(mount: string, running: { fleetName: string; rotationId: string }): PortError {
  const { fleetName, rotationId } = running;
  return new PortError({
    code: 'rotation.conflict',
    message: `Rotation ${rotationId} works on fleet ${fleetName}, and would go on with another signedBy or pinnedRoles of "${mount}" than it began with.`,
    nextStep: `Wait for it to end (/v1/rotations/${rotationId}), or abort it, and change them then.`,
  });
}
