import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Before what a second person has to approve. Fleets of before asked for nobody. */
export class Approval1795824000012 implements MigrationInterface {
  readonly name = 'Approval1795824000012';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
ALTER TABLE fleets
  ADD COLUMN approval text NOT NULL DEFAULT 'none'
    CONSTRAINT fleets_approval_check CHECK (approval IN ('none', 'contract'))`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE fleets DROP COLUMN approval');
  }
}
