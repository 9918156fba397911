import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When each worker last came to the end of a look. */
export class Workers1795824000023 implements MigrationInterface {
  readonly name = 'Workers1795824000023';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
CREATE TABLE workers (
  name text PRIMARY KEY,
  looked_at timestamptz(3) NOT NULL
)`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE workers');
  }
}
