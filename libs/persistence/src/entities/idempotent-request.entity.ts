import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

@Entity('idempotent_requests')
export class IdempotentRequestEntity {
  @PrimaryColumn('text')
  actor!: string;

  /** Lower-case hex SHA-256 of the Idempotency-Key; the key itself is kept nowhere. */
  @PrimaryColumn('text')
  keyHash!: string;

  /** Lower-case hex HMAC-SHA-256 of the request, by the key: whoever reads this row can guess no secret of the body. */
  @Column('text')
  fingerprint!: string;

  /** The id of what the request creates, chosen before it does: however often it is carried out, it creates one. */
  @Column('uuid')
  subjectId!: string;

  /** Who is carrying it out. */
  @Column('uuid')
  claimId!: string;

  /** By the database's clock; later on, and without a reply, whoever sends it again carries it out. */
  @Column({ type: 'timestamptz', precision: 3 })
  claimedUntil!: Date;

  /** JSON of headers and body; null while it is carried out. */
  @Column('text', { nullable: true })
  reply!: string | null;

  @Index('idempotent_requests_created_at_idx')
  @Column({ type: 'timestamptz', precision: 3, default: () => 'now()' })
  createdAt!: Date;
}
