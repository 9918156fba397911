import { Check, Column, Entity, ForeignKey, PrimaryColumn, Unique } from 'typeorm';
import { FleetEntity } from './fleet.entity.js';

/** Immutable: a trigger of the migration refuses every UPDATE. */
@Entity('generations')
@Unique(['fleetId', 'number'])
@Unique(['fleetId', 'digest'])
@Unique(['fleetId', 'id'])
@Check('generations_number_check', 'number >= 1')
@Check('generations_digest_check', `digest ~ '^[0-9a-f]{64}$'`)
export class GenerationEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid')
  @ForeignKey(() => FleetEntity)
  fleetId!: string;

  @Column('integer')
  number!: number;

  @Column('text')
  content!: string;

  @Column('text')
  digest!: string;

  @Column('text', { nullable: true })
  marker!: string | null;

  @Column({ type: 'timestamptz', precision: 3, default: () => 'now()' })
  createdAt!: Date;
}
