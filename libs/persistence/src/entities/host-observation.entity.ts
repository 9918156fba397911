import { Check, Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import type { HostDrift } from '#engine';
import { GenerationEntity } from './generation.entity.js';
import { HostEntity } from './host.entity.js';

/** The last look at a host. */
@Entity('host_observations')
@Check('host_observations_state_check', "state IN ('in-sync', 'drifted', 'unknown')")
@Check('host_observations_seen_at_check', "state = 'unknown' OR seen_at = at")
export class HostObservationEntity {
  @PrimaryColumn('uuid')
  @ForeignKey(() => HostEntity, { onDelete: 'CASCADE' })
  hostId!: string;

  /** What it was held against. */
  @Column('uuid')
  @ForeignKey(() => GenerationEntity)
  generationId!: string;

  @Column({ type: 'timestamptz', precision: 3 })
  at!: Date;

  /** When it last answered; null: it never did. Files and listeners are of then. */
  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  seenAt!: Date | null;

  @Column('text')
  state!: HostDrift['state'];

  @Column('jsonb')
  files!: HostDrift['files'];

  @Column('jsonb')
  listeners!: HostDrift['listeners'];

  @Column('jsonb')
  problems!: HostDrift['problems'];
}
