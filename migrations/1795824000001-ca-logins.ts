import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A login by AppRole in place of a token. */
export class CaLogins1795824000001 implements MigrationInterface {
  readonly name = 'CaLogins1795824000001';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE issuing_cas
        ALTER COLUMN token DROP NOT NULL,
        ADD COLUMN app_role_mount text,
        ADD COLUMN role_id text,
        ADD COLUMN secret_id text,
        ADD CONSTRAINT issuing_cas_login_check CHECK (
          num_nonnulls(token, secret_id) = 1
          AND num_nonnulls(app_role_mount, role_id, secret_id) IN (0, 3))`);
  }

  /** Refuses while a login by AppRole is recorded: it cannot be kept without its columns. */
  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE issuing_cas
        DROP CONSTRAINT issuing_cas_login_check,
        ALTER COLUMN token SET NOT NULL,
        DROP COLUMN app_role_mount,
        DROP COLUMN role_id,
        DROP COLUMN secret_id`);
  }
}
