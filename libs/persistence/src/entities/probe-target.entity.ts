import { Check, Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { HostEntity } from './host.entity.js';

@Entity('probe_targets')
@Check('probe_targets_port_check', 'port BETWEEN 1 AND 65535')
@Check('probe_targets_path_check', `path LIKE '/%'`)
export class ProbeTargetEntity {
  @PrimaryColumn('uuid')
  @ForeignKey(() => HostEntity, { onDelete: 'CASCADE' })
  hostId!: string;

  /** Keeps the order in which the listeners were given. */
  @PrimaryColumn('integer')
  position!: number;

  @Column('text')
  address!: string;

  @Column('integer')
  port!: number;

  @Column('text', { nullable: true })
  serverName!: string | null;

  @Column('text')
  path!: string;
}
