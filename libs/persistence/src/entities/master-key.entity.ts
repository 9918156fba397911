import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

/** A master key that transit wrapped. */
@Entity('master_keys')
@Check('master_keys_id_check', "id ~ '^[0-9a-f]{8}$'")
export class MasterKeyEntity {
  @PrimaryColumn('text')
  id!: string;

  @Column('text')
  wrapped!: string;

  @Column('timestamptz')
  sealsFrom!: Date;
}
