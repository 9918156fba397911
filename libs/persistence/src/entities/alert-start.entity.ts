import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { ScheduleEntity } from './schedule.entity.js';

/** An alert that a schedule has been asked by, so that a repeat of it asks for nothing. */
@Entity('alert_starts')
export class AlertStartEntity {
  @PrimaryColumn('uuid')
  @ForeignKey(() => ScheduleEntity, { onDelete: 'CASCADE' })
  scheduleId!: string;

  /** Its fingerprint and when it began to fire. */
  @PrimaryColumn('text')
  alert!: string;

  @Column({ type: 'timestamptz', precision: 3 })
  askedAt!: Date;
}
