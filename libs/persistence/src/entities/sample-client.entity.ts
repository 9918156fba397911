import { Check, Column, Entity, ForeignKey, PrimaryColumn, Unique } from 'typeorm';
import type { SampleClient } from '#engine';
import { FleetEntity } from './fleet.entity.js';

@Entity('sample_clients')
@Unique(['fleetId', 'name'])
@Check('sample_clients_expect_check', `expect IN ('accepted', 'refused')`)
export class SampleClientEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid')
  @ForeignKey(() => FleetEntity)
  fleetId!: string;

  @Column('text')
  name!: string;

  @Column('text')
  certificatePem!: string;

  @Column('text')
  chainPem!: string;

  /** Sealed. */
  @Column('text', { nullable: true })
  privateKey!: string | null;

  @Column('text')
  expect!: SampleClient['expect'];

  @Column({ type: 'timestamptz', precision: 3, default: () => 'now()' })
  createdAt!: Date;
}
