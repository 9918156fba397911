import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Logins by AppRole in place of a token, and CAs that people bring in place of a Vault. */
export class CaSources1795824000001 implements MigrationInterface {
  readonly name = 'CaSources1795824000001';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(ISSUING_CAS);
    await queryRunner.query(UPLOADED_CAS);
  }

  /** Refuses while a login by AppRole or an uploaded CA is recorded: neither can be kept. */
  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE issuing_cas ALTER COLUMN token SET NOT NULL');
    await queryRunner.query('DROP TABLE uploaded_cas');
    await queryRunner.query(`
      ALTER TABLE issuing_cas
        DROP CONSTRAINT issuing_cas_login_check,
        DROP COLUMN kind,
        DROP COLUMN app_role_mount,
        DROP COLUMN role_id,
        DROP COLUMN secret_id`);
  }
}

const ISSUING_CAS = `
ALTER TABLE issuing_cas
  ADD COLUMN kind text NOT NULL DEFAULT 'vault',
  ALTER COLUMN token DROP NOT NULL,
  ADD COLUMN app_role_mount text,
  ADD COLUMN role_id text,
  ADD COLUMN secret_id text,
  ADD CONSTRAINT issuing_cas_login_check CHECK (
    CASE kind
      WHEN 'vault' THEN num_nonnulls(token, secret_id) = 1 AND num_nonnulls(app_role_mount, role_id, secret_id) IN (0, 3)
      WHEN 'upload' THEN num_nonnulls(token, app_role_mount, role_id, secret_id) = 0
      ELSE false
    END)`;

const UPLOADED_CAS = `
CREATE TABLE uploaded_cas (
  id uuid PRIMARY KEY,
  issuing_ca_id uuid NOT NULL CONSTRAINT uploaded_cas_issuing_ca_id_fkey REFERENCES issuing_cas (id),
  certificate_pem text NOT NULL,
  fingerprint text NOT NULL CONSTRAINT uploaded_cas_fingerprint_check CHECK (fingerprint ~ '^[0-9a-f]{64}$'),
  state text NOT NULL CONSTRAINT uploaded_cas_state_check CHECK (state IN ('current', 'next', 'past')),
  probe_certificate_pem text NOT NULL,
  probe_chain_pem text NOT NULL,
  probe_private_key text NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  CONSTRAINT uploaded_cas_issuing_ca_id_fingerprint_key UNIQUE (issuing_ca_id, fingerprint)
)`;
