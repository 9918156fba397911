import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Whether the generations of a fleet carry a marker. All of before do. */
export class GenerationMarker1795824000002 implements MigrationInterface {
  readonly name = 'GenerationMarker1795824000002';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE fleets ADD COLUMN generation_marker boolean NOT NULL DEFAULT true');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE fleets DROP COLUMN generation_marker');
  }
}
