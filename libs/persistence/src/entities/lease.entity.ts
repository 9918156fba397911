import { Check, Column, Entity, ForeignKey, PrimaryColumn, Unique } from 'typeorm';
import type { Scope } from '#rotation';
import { RotationEntity } from './rotation.entity.js';

/** Stays after a release, so that appends of the term before go on being told from those of the newest. */
@Entity('leases')
@Unique(['rotationId', 'term'])
@Check('leases_term_check', 'term >= 1')
@Check('leases_scope_check', `scope ~ '^(coordinator|batch/[0-9]+)$'`)
export class LeaseEntity {
  @PrimaryColumn('uuid')
  @ForeignKey(() => RotationEntity)
  rotationId!: string;

  @PrimaryColumn('text')
  scope!: Scope;

  /** Null when released. */
  @Column('text', { nullable: true })
  holder!: string | null;

  /** From the counter of the rotation. */
  @Column('integer')
  term!: number;

  /** By the database's clock. */
  @Column({ type: 'timestamptz', precision: 3 })
  expiresAt!: Date;
}
