import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Where the hosts of a fleet write which clients come. */
export class ClientLog1795737600001 implements MigrationInterface {
  readonly name = 'ClientLog1795737600001';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE fleets ADD COLUMN client_log text');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE fleets DROP COLUMN client_log');
  }
}
