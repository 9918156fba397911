import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import { FleetEntity } from './fleet.entity.js';

/** A host belongs to one fleet: its address and port are unique in the installation. */
@Entity('hosts')
@Unique(['address', 'port'])
@Unique(['fleetId', 'name'])
@Index(['fleetId', 'createdAt', 'id'])
@Check('hosts_port_check', 'port BETWEEN 1 AND 65535')
@Check('hosts_access_check', "access IN ('root', 'installed')")
@Check('hosts_jump_check', 'num_nonnulls(jump_address, jump_port, jump_user, jump_host_key) IN (0, 4)')
@Check('hosts_jump_port_check', 'jump_port BETWEEN 1 AND 65535')
@Check('hosts_jump_key_check', 'jump_private_key IS NULL OR jump_address IS NOT NULL')
@Check('hosts_managed_paths_check', 'cardinality(managed_paths) >= 1')
export class HostEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid')
  @ForeignKey(() => FleetEntity)
  fleetId!: string;

  @Column('text')
  name!: string;

  @Column('text')
  address!: string;

  @Column('integer')
  port!: number;

  /** Of SSH; `user` is a reserved word in SQL. */
  @Column('text')
  sshUser!: string;

  @Column('text')
  hostKey!: string;

  /** Sealed; null where the SSH agent of the worker logs in. */
  @Column('text', { nullable: true })
  privateKey!: string | null;

  /** Of the server that passes connections on to the host; null where it is reached directly. */
  @Column('text', { nullable: true })
  jumpAddress!: string | null;

  @Column('integer', { nullable: true })
  jumpPort!: number | null;

  @Column('text', { nullable: true })
  jumpUser!: string | null;

  @Column('text', { nullable: true })
  jumpHostKey!: string | null;

  /** Sealed; null where the SSH agent of the worker logs in, and where there is no jump host. */
  @Column('text', { nullable: true })
  jumpPrivateKey!: string | null;

  @Column('text', { array: true })
  managedPaths!: string[];

  @Column('text')
  nginxBinary!: string;

  /** Word by word. */
  @Column('text', { array: true, default: [] })
  nginxArguments!: string[];

  /** Word by word; none where nginx is told by a signal. */
  @Column('text', { array: true, default: [] })
  reloadCommand!: string[];

  /** What the user may do there: see `HostTarget`. */
  @Column('text', { default: 'root' })
  access!: 'root' | 'installed';

  @Column({ type: 'timestamptz', precision: 3, default: () => 'now()' })
  createdAt!: Date;

  /** When a person took the host out of the fleet, or null: no rotation counts it in from then on. */
  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  decommissionedAt!: Date | null;
}
