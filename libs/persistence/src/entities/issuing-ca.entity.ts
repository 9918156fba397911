import { Check, Column, Entity, PrimaryColumn, Unique } from 'typeorm';
import type { IssuingCa, PinnedRoles } from '#engine';

/**
 * One issuing CA, however many fleets trust it: the PKI mount of a Vault, what people upload under a name, or a group
 * of CAs in AWS.
 */
@Entity('issuing_cas')
@Unique(['address', 'namespace', 'mount'])
@Check(
  'issuing_cas_signed_by_check',
  `num_nonnulls(signed_by_mount, signed_by_issuer) IN (0, 2) AND (kind = 'vault' OR signed_by_mount IS NULL)`,
)
@Check('issuing_cas_pinned_roles_check', `pinned_roles IN ('refuse', 'move')`)
@Check(
  'issuing_cas_login_check',
  `CASE kind
    WHEN 'vault' THEN num_nonnulls(token, secret_id) = 1 AND num_nonnulls(app_role_mount, role_id, secret_id) IN (0, 3)
    WHEN 'upload' THEN num_nonnulls(token, app_role_mount, role_id, secret_id) = 0
    WHEN 'aws-pca' THEN num_nonnulls(token, app_role_mount, role_id, secret_id) = 0
    ELSE false
  END`,
)
@Check(
  'issuing_cas_access_key_check',
  `num_nonnulls(access_key_id, secret_access_key) IN (0, CASE kind WHEN 'aws-pca' THEN 2 ELSE 0 END)`,
)
export class IssuingCaEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('text', { default: 'vault' })
  kind!: IssuingCa['kind'];

  /** Empty for an upload, as is the namespace. Of AWS: the region. */
  @Column('text')
  address!: string;

  /** Of AWS: the number of the account. */
  @Column('text')
  namespace!: string;

  /** Of an upload: its name. Of AWS: the group. */
  @Column('text')
  mount!: string;

  @Column('text')
  role!: string;

  /** Sealed; null for a login by AppRole. */
  @Column('text', { nullable: true })
  token!: string | null;

  /** Path of the AppRole, or null for a token. */
  @Column('text', { nullable: true })
  appRoleMount!: string | null;

  @Column('text', { nullable: true })
  roleId!: string | null;

  /** Sealed. */
  @Column('text', { nullable: true })
  secretId!: string | null;

  /** Of AWS: base address in the place of the region's own, or null. */
  @Column('text', { nullable: true })
  endpoint!: string | null;

  /** Null for the role of the machine. */
  @Column('text', { nullable: true })
  accessKeyId!: string | null;

  /** Sealed. */
  @Column('text', { nullable: true })
  secretAccessKey!: string | null;

  @Column('text', { nullable: true })
  serverCaPem!: string | null;

  /** Mount of the PKI that signs new issuers, or null: they sign themselves. */
  @Column('text', { nullable: true })
  signedByMount!: string | null;

  @Column('text', { nullable: true })
  signedByIssuer!: string | null;

  @Column('text', { default: 'refuse' })
  pinnedRoles!: PinnedRoles;

  @Column({ type: 'timestamptz', precision: 3, default: () => 'now()' })
  createdAt!: Date;
}
