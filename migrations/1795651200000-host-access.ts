import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How a host is entered, and how its nginx is started and reloaded where that is not as usual. */
export class HostAccess1795651200000 implements MigrationInterface {
  readonly name = 'HostAccess1795651200000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
ALTER TABLE hosts
  ADD COLUMN access text NOT NULL DEFAULT 'root'
    CONSTRAINT hosts_access_check CHECK (access IN ('root', 'installed')),
  ADD COLUMN nginx_arguments text[] NOT NULL DEFAULT '{}',
  ADD COLUMN reload_command text[] NOT NULL DEFAULT '{}'`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      'ALTER TABLE hosts DROP COLUMN access, DROP COLUMN nginx_arguments, DROP COLUMN reload_command',
    );
  }
}
