import { Check, Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import type { RotationEvent } from '#rotation';
import { RotationEntity } from './rotation.entity.js';

/** Append-only: triggers of the migration refuse UPDATE, DELETE and TRUNCATE. */
@Entity('journal_entries')
@Check('journal_entries_sequence_check', 'sequence >= 1')
export class JournalEntryEntity {
  @PrimaryColumn('uuid')
  @ForeignKey(() => RotationEntity)
  rotationId!: string;

  @PrimaryColumn('integer')
  sequence!: number;

  /** Same for all entries of one append; tells whether an append whose COMMIT went unanswered landed. */
  @Column('uuid')
  appendId!: string;

  @Column({ type: 'timestamptz', precision: 3, default: () => 'clock_timestamp()' })
  at!: Date;

  @Column('text')
  type!: RotationEvent['type'];

  /** `json` keeps the text as written, NUL escapes of what tools printed included, which `jsonb` refuses. */
  @Column('json')
  event!: RotationEvent;
}
