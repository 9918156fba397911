import { Check, Column, Entity, PrimaryColumn, Unique } from 'typeorm';
import type { Role } from '#engine';

@Entity('api_keys')
@Unique(['hash'])
@Check('api_keys_hash_check', `hash ~ '^[0-9a-f]{64}$'`)
@Check('api_keys_role_check', `role IN ('viewer', 'operator', 'approver', 'admin')`)
@Check('api_keys_fleet_ids_check', 'cardinality(fleet_ids) > 0')
export class ApiKeyEntity {
  @PrimaryColumn('uuid')
  id!: string;

  /** Lower-case hex SHA-256 of the key; the key itself is kept nowhere. */
  @Column('text')
  hash!: string;

  @Column('text')
  role!: Role;

  @Column('text')
  label!: string;

  /** Fleets that it is confined to; null: all. */
  @Column('uuid', { array: true, nullable: true })
  fleetIds!: string[] | null;

  /** Actor whose tokens this key stands beside; null where it is an actor of its own. */
  @Column('text', { nullable: true })
  person!: string | null;

  @Column({ type: 'timestamptz', precision: 3, default: () => 'now()' })
  createdAt!: Date;

  /** From then on it opens nothing; null: never. */
  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  expiresAt!: Date | null;

  /** To the minute. */
  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  lastUsedAt!: Date | null;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  revokedAt!: Date | null;
}
