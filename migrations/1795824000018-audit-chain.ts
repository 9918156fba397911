import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The audit chain: entries that are never changed, and the one row that says where they end. */
export class AuditChain1795824000018 implements MigrationInterface {
  readonly name = 'AuditChain1795824000018';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(ENTRIES);
    await queryRunner.query(HEAD);
  }

  /** The log goes with it: export it before. */
  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE audit_entries, audit_head');
  }
}

const ENTRIES = `
CREATE TABLE audit_entries (
  number bigint PRIMARY KEY CONSTRAINT audit_entries_number_check CHECK (number >= 1),
  id uuid NOT NULL CONSTRAINT audit_entries_id_key UNIQUE,
  at timestamptz(3) NOT NULL,
  stage text NOT NULL CONSTRAINT audit_entries_stage_check CHECK (stage IN ('intent', 'outcome', 'event')),
  actor text NOT NULL,
  actor_label text,
  actor_role text,
  operation text NOT NULL,
  subjects text[] NOT NULL,
  request_id text,
  reason text,
  address text,
  outcome text CONSTRAINT audit_entries_outcome_check CHECK (outcome IN ('succeeded', 'refused', 'failed')),
  details json NOT NULL,
  previous_hash text NOT NULL,
  hash text NOT NULL
);
CREATE INDEX audit_entries_actor_number_idx ON audit_entries (actor, number);
CREATE INDEX audit_entries_operation_number_idx ON audit_entries (operation, number);
CREATE INDEX audit_entries_at_idx ON audit_entries (at);
CREATE INDEX audit_entries_subjects_idx ON audit_entries USING gin (subjects);
CREATE TRIGGER audit_entries_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entries
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()`;

const HEAD = `
CREATE TABLE audit_head (
  id smallint PRIMARY KEY DEFAULT 1 CONSTRAINT audit_head_single_check CHECK (id = 1),
  count bigint NOT NULL,
  hash text NOT NULL
);
INSERT INTO audit_head (count, hash) VALUES (0, repeat('0', 64));
CREATE TRIGGER audit_head_stays BEFORE DELETE OR TRUNCATE ON audit_head
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()`;
