import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Master keys that Vault's transit wrapped. Installations with a key of their own have none. */
export class MasterKeys1795824000015 implements MigrationInterface {
  readonly name = 'MasterKeys1795824000015';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
CREATE TABLE master_keys (
  id text PRIMARY KEY CHECK (id ~ '^[0-9a-f]{8}$'),
  wrapped text NOT NULL,
  seals_from timestamptz NOT NULL
)`);
  }

  /** Whatever is sealed with these keys is lost with them. */
  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE master_keys');
  }
}
