import { Check, Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import type { LeafRole } from '#engine';
import { RotationEntity } from './rotation.entity.js';

@Entity('probe_leaves')
@Check('probe_leaves_role_check', `role IN ('old', 'new')`)
export class ProbeLeafEntity {
  @PrimaryColumn('uuid')
  @ForeignKey(() => RotationEntity)
  rotationId!: string;

  @PrimaryColumn('text')
  role!: LeafRole;

  @Column('text')
  certificatePem!: string;

  @Column('text')
  chainPem!: string;

  /** Sealed. */
  @Column('text')
  privateKey!: string;

  @Column('text')
  issuerPem!: string;

  @Column({ type: 'timestamptz', precision: 3, default: () => 'now()' })
  createdAt!: Date;
}
