import { Check, Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';
import type { AuditDetail, AuditOutcome, AuditStage } from '#audit-chain';

/** Append-only: triggers of the migration refuse UPDATE, DELETE and TRUNCATE. #audit-chain says what the columns mean. */
@Entity('audit_entries')
@Unique(['id'])
@Index(['actor', 'number'])
@Index(['operation', 'number'])
@Index(['at'])
@Index('audit_entries_subjects_idx', { synchronize: false })
@Check('audit_entries_number_check', 'number >= 1')
@Check('audit_entries_stage_check', `stage IN ('intent', 'outcome', 'event')`)
@Check('audit_entries_outcome_check', `outcome IN ('succeeded', 'refused', 'failed')`)
export class AuditEntryEntity {
  @PrimaryColumn('bigint', { transformer: { from: Number, to: (value: number) => value } })
  number!: number;

  @Column('uuid')
  id!: string;

  @Column({ type: 'timestamptz', precision: 3 })
  at!: Date;

  @Column('text')
  stage!: AuditStage;

  @Column('text')
  actor!: string;

  @Column('text', { nullable: true })
  actorLabel!: string | null;

  @Column('text', { nullable: true })
  actorRole!: string | null;

  @Column('text')
  operation!: string;

  @Column('text', { array: true })
  subjects!: string[];

  @Column('text', { nullable: true })
  requestId!: string | null;

  @Column('text', { nullable: true })
  reason!: string | null;

  @Column('text', { nullable: true })
  address!: string | null;

  @Column('text', { nullable: true })
  outcome!: AuditOutcome | null;

  @Column('json')
  details!: Record<string, AuditDetail>;

  @Column('text')
  previousHash!: string;

  @Column('text')
  hash!: string;
}
