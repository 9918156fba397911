import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Fire drills, and what a fleet distrusts for good. */
export class Strategies1795824000003 implements MigrationInterface {
  readonly name = 'Strategies1795824000003';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `ALTER TABLE fleets ADD COLUMN last_rehearsed_at timestamptz(3),
         ADD COLUMN distrusted jsonb NOT NULL DEFAULT '[]'`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE fleets DROP COLUMN last_rehearsed_at, DROP COLUMN distrusted');
  }
}
