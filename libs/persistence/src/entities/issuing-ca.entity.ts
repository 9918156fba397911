import { Column, Entity, PrimaryColumn, Unique } from 'typeorm';

/** One PKI mount of one Vault, however many fleets trust it. */
@Entity('issuing_cas')
@Unique(['address', 'namespace', 'mount'])
export class IssuingCaEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('text')
  address!: string;

  @Column('text')
  namespace!: string;

  @Column('text')
  mount!: string;

  @Column('text')
  role!: string;

  /** Sealed. */
  @Column('text')
  token!: string;

  @Column('text', { nullable: true })
  serverCaPem!: string | null;

  @Column({ type: 'timestamptz', precision: 3, default: () => 'now()' })
  createdAt!: Date;
}
