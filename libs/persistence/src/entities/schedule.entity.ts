import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import type { DriftFinding, ScheduleKind } from '#engine';
import type { RotationStatus } from '#rotation';
import type { MaintenanceWindow } from '#schedule';
import { FleetEntity } from './fleet.entity.js';

@Entity('schedules')
@Index(['fleetId'])
@Check('schedules_kind_check', "kind IN ('rotate', 'drift', 'refresh')")
@Check('schedules_rotate_when_days_left_check', 'rotate_when_days_left >= 0')
@Check('schedules_rotate_when_hours_left_check', 'rotate_when_hours_left > 0')
@Check('schedules_rotate_at_lifetime_percent_check', 'rotate_at_lifetime_percent BETWEEN 1 AND 99')
@Check(
  'schedules_due_check',
  "num_nonnulls(rotate_when_days_left, rotate_when_hours_left, rotate_at_lifetime_percent) <= (kind <> 'drift')::integer",
)
@Check('schedules_start_on_alert_check', "kind = 'rotate' OR NOT start_on_alert")
@Check('schedules_jitter_seconds_check', 'jitter_seconds >= 0')
export class ScheduleEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid')
  @ForeignKey(() => FleetEntity)
  fleetId!: string;

  @Column('text', { default: 'rotate' })
  kind!: ScheduleKind;

  /** At most one of these three; none: each time. */
  @Column('integer', { nullable: true })
  rotateWhenDaysLeft!: number | null;

  @Column('integer', { nullable: true })
  rotateWhenHoursLeft!: number | null;

  @Column('integer', { nullable: true })
  rotateAtLifetimePercent!: number | null;

  @Column('text')
  cron!: string;

  @Column('text')
  timeZone!: string;

  @Column('jsonb', { default: [] })
  windows!: MaintenanceWindow[];

  @Column('integer', { default: 0 })
  jitterSeconds!: number;

  @Column('boolean', { default: false })
  repair!: boolean;

  /** Whether an alert may ask for what it starts. */
  @Column('boolean', { default: false })
  startOnAlert!: boolean;

  /** When one did, and nothing was started for it yet. */
  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  alertedAt!: Date | null;

  @Column('boolean')
  enabled!: boolean;

  /** Null: to be worked out. */
  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  nextTickAt!: Date | null;

  /** Until when a worker has the tick to itself. */
  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  claimedUntil!: Date | null;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  lastTickAt!: Date | null;

  @Column('text', { nullable: true })
  lastOutcome!: string | null;

  @Column('jsonb', { nullable: true })
  lastDrift!: DriftFinding | null;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  suspendedAt!: Date | null;

  @Column('uuid', { nullable: true })
  suspendedRotationId!: string | null;

  @Column('text', { nullable: true })
  suspendedStatus!: RotationStatus | null;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  resumedAt!: Date | null;

  @Column('text', { nullable: true })
  resumedBy!: string | null;

  @Column('text', { nullable: true })
  resumedBecause!: string | null;

  /** The rotation whose failure a person has answered for. */
  @Column('uuid', { nullable: true })
  resumedRotationId!: string | null;

  @Column({ type: 'timestamptz', precision: 3, default: () => 'now()' })
  createdAt!: Date;
}
