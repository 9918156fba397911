import { Check, Column, Entity, PrimaryColumn, Unique } from 'typeorm';

export const API_KEY_ROLES = ['viewer', 'operator', 'approver', 'admin'] as const;
export type ApiKeyRole = (typeof API_KEY_ROLES)[number];

@Entity('api_keys')
@Unique(['hash'])
@Check('api_keys_hash_check', `hash ~ '^[0-9a-f]{64}$'`)
@Check('api_keys_role_check', `role IN ('viewer', 'operator', 'approver', 'admin')`)
export class ApiKeyEntity {
  @PrimaryColumn('uuid')
  id!: string;

  /** Lower-case hex SHA-256 of the key; the key itself is kept nowhere. */
  @Column('text')
  hash!: string;

  @Column('text')
  role!: ApiKeyRole;

  @Column('text')
  label!: string;

  @Column({ type: 'timestamptz', precision: 3, default: () => 'now()' })
  createdAt!: Date;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  revokedAt!: Date | null;
}
