import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { FleetEntity } from './fleet.entity.js';

@Entity('schedules')
@Index(['fleetId'])
@Check('schedules_rotate_when_days_left_check', 'rotate_when_days_left >= 0')
export class ScheduleEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid')
  @ForeignKey(() => FleetEntity)
  fleetId!: string;

  @Column('integer')
  rotateWhenDaysLeft!: number;

  @Column('text')
  cron!: string;

  @Column('text')
  timeZone!: string;

  @Column('boolean')
  enabled!: boolean;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  lastTickAt!: Date | null;

  @Column('text', { nullable: true })
  lastOutcome!: string | null;

  @Column({ type: 'timestamptz', precision: 3, default: () => 'now()' })
  createdAt!: Date;
}
