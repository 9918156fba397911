import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

/** How far a journal, or the looks of a schedule, were told to webhooks. */
@Entity('webhook_cursors')
@Check('webhook_cursors_source_check', "source IN ('rotation', 'drift')")
@Check('webhook_cursors_position_check', 'position >= 0')
export class WebhookCursorEntity {
  @PrimaryColumn('text')
  source!: 'rotation' | 'drift';

  /** Of the rotation, or of the schedule. */
  @PrimaryColumn('uuid')
  id!: string;

  /** Sequence of the entry, or milliseconds since the Unix epoch; a string, as the driver gives a bigint. */
  @Column('bigint')
  position!: string;
}
