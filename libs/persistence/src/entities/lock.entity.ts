import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { RotationEntity } from './rotation.entity.js';

/** One active rotation per fleet, host and issuing CA (invariant I5). */
@Entity('locks')
@Index(['rotationId'])
export class LockEntity {
  /** Such as `fleet:<id>`, `host:<address>:<port>`. */
  @PrimaryColumn('text')
  key!: string;

  /** What people call the thing. */
  @Column('text')
  label!: string;

  @Column('uuid')
  @ForeignKey(() => RotationEntity)
  rotationId!: string;
}
