import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import type { DeliveredType } from '#engine';
import type { DeliveryStatus } from '../webhook-views.js';
import { WebhookEndpointEntity } from './webhook-endpoint.entity.js';

@Entity('webhook_deliveries')
@Unique(['endpointId', 'eventId'])
@Index(['endpointId', 'createdAt', 'id'])
@Index(['createdAt'])
@Index('webhook_deliveries_pending_idx', ['nextAttemptAt'], { where: "status = 'pending'" })
@Check('webhook_deliveries_status_check', "status IN ('pending', 'delivered', 'failed')")
@Check('webhook_deliveries_next_attempt_at_check', "(next_attempt_at IS NOT NULL) = (status = 'pending')")
export class WebhookDeliveryEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid')
  @ForeignKey(() => WebhookEndpointEntity, { onDelete: 'CASCADE' })
  endpointId!: string;

  @Column('text')
  eventId!: string;

  @Column('text')
  eventType!: DeliveredType;

  @Column('text')
  body!: string;

  @Column('text', { default: 'pending' })
  status!: DeliveryStatus;

  /** Begun since it was recorded, or since a person asked for it again. */
  @Column('integer', { default: 0 })
  attempts!: number;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  firstAttemptAt!: Date | null;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  lastAttemptAt!: Date | null;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  nextAttemptAt!: Date | null;

  /** Names the try that counts. */
  @Column('uuid', { nullable: true })
  claim!: string | null;

  /** Until when a worker has it to itself. */
  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  claimedUntil!: Date | null;

  /** HTTP status of the last try. */
  @Column('integer', { nullable: true })
  responseCode!: number | null;

  /** Why the last try failed, for people. */
  @Column('text', { nullable: true })
  error!: string | null;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  redeliveredAt!: Date | null;

  @Column('text', { nullable: true })
  redeliveredBy!: string | null;

  @Column({ type: 'timestamptz', precision: 3, default: () => 'now()' })
  createdAt!: Date;
}
