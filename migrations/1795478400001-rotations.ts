import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The journal with its leases and locks, what is sealed beside it, the installation, the keys of the API. */
export class Rotations1795478400001 implements MigrationInterface {
  readonly name = 'Rotations1795478400001';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of [INSTALLATION, ROTATIONS, JOURNAL, LEASES_AND_LOCKS, PROBE_LEAVES, API_KEYS]) {
      await queryRunner.query(statement);
    }
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE api_keys, probe_leaves, locks, leases, journal_entries, rotations');
    await queryRunner.query('DROP TABLE installation');
    await queryRunner.query('DROP SEQUENCE rotation_epoch');
  }
}

const INSTALLATION = `
CREATE TABLE installation (
  id smallint PRIMARY KEY DEFAULT 1 CONSTRAINT installation_single_check CHECK (id = 1),
  installation uuid NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT now()
);
CREATE SEQUENCE rotation_epoch AS bigint`;

const ROTATIONS = `
CREATE TABLE rotations (
  id uuid PRIMARY KEY,
  fleet_id uuid NOT NULL CONSTRAINT rotations_fleet_id_fkey REFERENCES fleets (id),
  epoch bigint NOT NULL CONSTRAINT rotations_epoch_key UNIQUE,
  status text NOT NULL CONSTRAINT rotations_status_check CHECK (status IN
    ('pending', 'running', 'paused', 'blocked', 'succeeded', 'reverted', 'refused', 'cancelled')),
  phase text NOT NULL CONSTRAINT rotations_phase_check CHECK (phase IN
    ('preflight', 'stage', 'expand', 'activate', 'soak', 'contract', 'done')),
  version integer NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  updated_at timestamptz(3) NOT NULL DEFAULT now(),
  ended_at timestamptz(3),
  CONSTRAINT rotations_ended_at_check CHECK
    ((ended_at IS NOT NULL) = (status IN ('succeeded', 'reverted', 'refused', 'cancelled')))
);
CREATE INDEX rotations_created_at_id_idx ON rotations (created_at, id);
CREATE INDEX rotations_fleet_id_created_at_id_idx ON rotations (fleet_id, created_at, id);
CREATE INDEX rotations_active_idx ON rotations (id) WHERE ended_at IS NULL`;

const JOURNAL = `
CREATE TABLE journal_entries (
  rotation_id uuid NOT NULL CONSTRAINT journal_entries_rotation_id_fkey REFERENCES rotations (id),
  sequence integer NOT NULL CONSTRAINT journal_entries_sequence_check CHECK (sequence >= 1),
  append_id uuid NOT NULL,
  at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  type text NOT NULL,
  event json NOT NULL,
  PRIMARY KEY (rotation_id, sequence)
);
CREATE TRIGGER journal_entries_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON journal_entries
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()`;

const LEASES_AND_LOCKS = `
CREATE TABLE leases (
  rotation_id uuid PRIMARY KEY CONSTRAINT leases_rotation_id_fkey REFERENCES rotations (id),
  holder text,
  term integer NOT NULL CONSTRAINT leases_term_check CHECK (term >= 1),
  expires_at timestamptz(3) NOT NULL
);
CREATE TABLE locks (
  key text PRIMARY KEY,
  label text NOT NULL,
  rotation_id uuid NOT NULL CONSTRAINT locks_rotation_id_fkey REFERENCES rotations (id)
);
CREATE INDEX locks_rotation_id_idx ON locks (rotation_id)`;

const PROBE_LEAVES = `
CREATE TABLE probe_leaves (
  rotation_id uuid NOT NULL CONSTRAINT probe_leaves_rotation_id_fkey REFERENCES rotations (id),
  role text NOT NULL CONSTRAINT probe_leaves_role_check CHECK (role IN ('old', 'new')),
  certificate_pem text NOT NULL,
  chain_pem text NOT NULL,
  private_key text NOT NULL,
  issuer_pem text NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  PRIMARY KEY (rotation_id, role)
)`;

const API_KEYS = `
CREATE TABLE api_keys (
  id uuid PRIMARY KEY,
  hash text NOT NULL CONSTRAINT api_keys_hash_key UNIQUE
    CONSTRAINT api_keys_hash_check CHECK (hash ~ '^[0-9a-f]{64}$'),
  role text NOT NULL CONSTRAINT api_keys_role_check CHECK (role IN ('viewer', 'operator', 'approver', 'admin')),
  label text NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  revoked_at timestamptz(3)
)`;
