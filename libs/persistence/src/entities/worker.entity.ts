import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A process that drives rotations, for as long as it looks. */
@Entity('workers')
export class WorkerEntity {
  /** Of this one process, and of none after it. */
  @PrimaryColumn('text')
  name!: string;

  @Column({ type: 'timestamptz', precision: 3 })
  lookedAt!: Date;
}
