import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import type { DistrustedAnchor, Revocation } from '#engine';
import type { Approval, ContractWhen } from '#rotation';
import { IssuingCaEntity } from './issuing-ca.entity.js';

@Entity('fleets')
@Unique(['name'])
@Index(['createdAt', 'id'])
@Check('fleets_soak_seconds_check', 'soak_seconds >= 0')
@Check('fleets_contract_when_check', "contract_when IN ('unused', 'soaked')")
@Check('fleets_revocation_check', "revocation IN ('none', 'crl')")
@Check('fleets_approval_check', "approval IN ('none', 'contract')")
@Check('fleets_canary_hosts_check', 'canary_hosts >= 1')
@Check('fleets_ca_ttl_seconds_check', 'ca_ttl_seconds > 0')
// The generation must be one of this very fleet. Deferred, and by name: fleet and generation refer to each other.
@ForeignKey('GenerationEntity', ['id', 'generationId'], ['fleetId', 'id'], {
  deferrable: 'INITIALLY DEFERRED',
})
export class FleetEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('text')
  name!: string;

  @Column('integer')
  soakSeconds!: number;

  @Column('text', { default: 'soaked' })
  contractWhen!: ContractWhen;

  @Column('text', { default: 'none' })
  approval!: Approval;

  @Column('text', { nullable: true })
  clientLog!: string | null;

  @Column('boolean', { default: true })
  generationMarker!: boolean;

  @Column('text', { default: 'none' })
  revocation!: Revocation;

  /** CRLs that people handed in. */
  @Column('text', { default: '' })
  crlsPem!: string;

  @Column('integer')
  canaryHosts!: number;

  @Column('bigint', { transformer: { from: Number, to: (value: number) => value } })
  caTtlSeconds!: number;

  @Column('uuid')
  @ForeignKey(() => IssuingCaEntity)
  issuingCaId!: string;

  /** The generation last decided. */
  @Column('uuid')
  generationId!: string;

  /** End of the last rotation that succeeded; a rollback never sets it. */
  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  lastRotatedAt!: Date | null;

  /** End of the last fire drill that succeeded. */
  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  lastRehearsedAt!: Date | null;

  /** Newest last. */
  @Column('jsonb', { default: [] })
  distrusted!: DistrustedAnchor[];

  @Column({ type: 'timestamptz', precision: 3, default: () => 'now()' })
  createdAt!: Date;
}
