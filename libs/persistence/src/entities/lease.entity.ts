import { Check, Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { RotationEntity } from './rotation.entity.js';

/** Stays after a release, so that the term never starts again. */
@Entity('leases')
@Check('leases_term_check', 'term >= 1')
export class LeaseEntity {
  @PrimaryColumn('uuid')
  @ForeignKey(() => RotationEntity)
  rotationId!: string;

  /** Null when released. */
  @Column('text', { nullable: true })
  holder!: string | null;

  @Column('integer')
  term!: number;

  /** By the database's clock. */
  @Column({ type: 'timestamptz', precision: 3 })
  expiresAt!: Date;
}
