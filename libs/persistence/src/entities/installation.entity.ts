import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

/** One row. Epochs come from the sequence `rotation_epoch` beside it. */
@Entity('installation')
@Check('installation_single_check', 'id = 1')
export class InstallationEntity {
  @PrimaryColumn('smallint', { default: 1 })
  id!: number;

  /** Identifies this installation on hosts for ever (invariant I9). */
  @Column('uuid')
  installation!: string;

  @Column({ type: 'timestamptz', precision: 3, default: () => 'now()' })
  createdAt!: Date;
}
