import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

/** One row, made with the schema. */
@Entity('installation')
@Check('installation_epoch_check', 'epoch >= 0')
@Check('installation_single_check', 'id = 1')
export class InstallationEntity {
  @PrimaryColumn('smallint', { default: 1 })
  id!: number;

  /** Identifies this installation on hosts for ever (invariant I9). */
  @Column('uuid')
  installation!: string;

  /** Newest epoch given to a rotation, or seen on a host. */
  @Column('bigint', { default: 0, transformer: { from: Number, to: (value: number) => value } })
  epoch!: number;

  @Column({ type: 'timestamptz', precision: 3, default: () => 'now()' })
  createdAt!: Date;
}
