import { Check, Column, Entity, ForeignKey, PrimaryColumn, Unique } from 'typeorm';
import type { UploadedCa } from '#engine';
import { IssuingCaEntity } from './issuing-ca.entity.js';

/** A CA that people brought, and the client of it that stands for all of them in probes. */
@Entity('uploaded_cas')
@Unique(['issuingCaId', 'fingerprint'])
@Check('uploaded_cas_fingerprint_check', `fingerprint ~ '^[0-9a-f]{64}$'`)
@Check('uploaded_cas_state_check', `state IN ('current', 'next', 'past')`)
export class UploadedCaEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid')
  @ForeignKey(() => IssuingCaEntity)
  issuingCaId!: string;

  @Column('text')
  certificatePem!: string;

  @Column('text')
  fingerprint!: string;

  @Column('text')
  state!: UploadedCa['state'];

  @Column('text')
  probeCertificatePem!: string;

  @Column('text')
  probeChainPem!: string;

  /** Sealed. */
  @Column('text')
  probePrivateKey!: string;

  /** Its CRL, as it was brought last. */
  @Column('text', { nullable: true })
  crlPem!: string | null;

  @Column({ type: 'timestamptz', precision: 3, default: () => 'now()' })
  createdAt!: Date;
}
