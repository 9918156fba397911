import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

/** Where the audit chain ends; its one row is locked by whoever appends, so that the chain is one under any number of replicas. */
@Entity('audit_head')
@Check('audit_head_single_check', 'id = 1')
export class AuditHeadEntity {
  @PrimaryColumn('smallint', { default: 1 })
  id!: number;

  @Column('bigint', { transformer: { from: Number, to: (value: number) => value } })
  count!: number;

  @Column('text')
  hash!: string;
}
