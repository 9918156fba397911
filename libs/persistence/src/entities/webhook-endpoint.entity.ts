import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { WebhookEventType } from '#engine';

@Entity('webhook_endpoints')
@Index(['createdAt', 'id'])
@Check(
  'webhook_endpoints_previous_secret_check',
  '(previous_secret IS NULL) = (previous_secret_until IS NULL)',
)
export class WebhookEndpointEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('text')
  url!: string;

  @Column('text')
  description!: string;

  /** Null: all. */
  @Column('text', { array: true, nullable: true })
  eventTypes!: WebhookEventType[] | null;

  /** Null: all. */
  @Column('uuid', { array: true, nullable: true })
  fleetIds!: string[] | null;

  @Column('boolean')
  enabled!: boolean;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  disabledAt!: Date | null;

  /** For people; null where a person disabled it. */
  @Column('text', { nullable: true })
  disabledReason!: string | null;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  lastDeliveredAt!: Date | null;

  /** Sealed. */
  @Column('text')
  secret!: string;

  /** Sealed. */
  @Column('text', { nullable: true })
  previousSecret!: string | null;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  previousSecretUntil!: Date | null;

  @Column('text')
  createdBy!: string;

  /** Events of before are not told. */
  @Column({ type: 'timestamptz', precision: 3, default: () => 'now()' })
  createdAt!: Date;
}
