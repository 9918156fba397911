import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import type { RotationPhase, RotationStatus } from '#rotation';
import { FleetEntity } from './fleet.entity.js';
import { ScheduleEntity } from './schedule.entity.js';

/** What the journal says a rotation is now; written only together with journal entries. */
@Entity('rotations')
@Unique(['epoch'])
@Unique(['scheduleId', 'scheduleTickAt'])
@Index(['createdAt', 'id'])
@Index(['fleetId', 'createdAt', 'id'])
@Index('rotations_active_idx', ['id'], { where: 'ended_at IS NULL' })
@Check(
  'rotations_status_check',
  `status IN ('pending', 'running', 'paused', 'blocked', 'succeeded', 'reverted', 'refused', 'cancelled')`,
)
@Check(
  'rotations_phase_check',
  `phase IN ('preflight', 'stage', 'expand', 'activate', 'soak', 'contract', 'done')`,
)
@Check('rotations_term_check', 'term >= 0')
@Check(
  'rotations_ended_at_check',
  `(ended_at IS NOT NULL) = (status IN ('succeeded', 'reverted', 'refused', 'cancelled'))`,
)
export class RotationEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid')
  @ForeignKey(() => FleetEntity)
  fleetId!: string;

  /** Fleets that rotate together with it. */
  @Column('uuid', { array: true, default: [] })
  otherFleetIds!: string[];

  /** The schedule that asked for it, and the tick that it was for: one rotation a tick. */
  @Column('uuid', { nullable: true })
  @ForeignKey(() => ScheduleEntity, { onDelete: 'SET NULL' })
  scheduleId!: string | null;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  scheduleTickAt!: Date | null;

  @Column('bigint', { transformer: { from: Number, to: (value: number) => value } })
  epoch!: number;

  @Column('text')
  status!: RotationStatus;

  @Column('text')
  phase!: RotationPhase;

  /** Sequence of the newest journal entry: what appends compare and set. */
  @Column('integer')
  version!: number;

  /** Newest term given to any of its leases, 0 before the first. */
  @Column('integer', { default: 0 })
  term!: number;

  @Column({ type: 'timestamptz', precision: 3, default: () => 'now()' })
  createdAt!: Date;

  @Column({ type: 'timestamptz', precision: 3, default: () => 'now()' })
  updatedAt!: Date;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  endedAt!: Date | null;
}
