import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Groups of CAs in AWS Private CA, with an access key or none. */
export class AwsPrivateCa1795824000013 implements MigrationInterface {
  readonly name = 'AwsPrivateCa1795824000013';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(UP);
  }

  /** Refuses while a group of AWS is recorded: it cannot be kept. */
  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(DOWN);
  }
}

const UP = `
ALTER TABLE issuing_cas
  ADD COLUMN endpoint text,
  ADD COLUMN access_key_id text,
  ADD COLUMN secret_access_key text,
  DROP CONSTRAINT issuing_cas_login_check,
  ADD CONSTRAINT issuing_cas_login_check CHECK (
    CASE kind
      WHEN 'vault' THEN num_nonnulls(token, secret_id) = 1 AND num_nonnulls(app_role_mount, role_id, secret_id) IN (0, 3)
      WHEN 'upload' THEN num_nonnulls(token, app_role_mount, role_id, secret_id) = 0
      WHEN 'aws-pca' THEN num_nonnulls(token, app_role_mount, role_id, secret_id) = 0
      ELSE false
    END),
  ADD CONSTRAINT issuing_cas_access_key_check CHECK (
    num_nonnulls(access_key_id, secret_access_key) IN (0, CASE kind WHEN 'aws-pca' THEN 2 ELSE 0 END))`;

const DOWN = `
ALTER TABLE issuing_cas
  DROP CONSTRAINT issuing_cas_login_check,
  ADD CONSTRAINT issuing_cas_login_check CHECK (
    CASE kind
      WHEN 'vault' THEN num_nonnulls(token, secret_id) = 1 AND num_nonnulls(app_role_mount, role_id, secret_id) IN (0, 3)
      WHEN 'upload' THEN num_nonnulls(token, app_role_mount, role_id, secret_id) = 0
      ELSE false
    END),
  DROP CONSTRAINT issuing_cas_access_key_check,
  DROP COLUMN endpoint,
  DROP COLUMN access_key_id,
  DROP COLUMN secret_access_key`;
