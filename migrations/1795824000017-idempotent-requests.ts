import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What was asked for with an Idempotency-Key, and what was answered. */
export class IdempotentRequests1795824000017 implements MigrationInterface {
  readonly name = 'IdempotentRequests1795824000017';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
CREATE TABLE idempotent_requests (
  actor text NOT NULL,
  key_hash text NOT NULL,
  fingerprint text NOT NULL,
  subject_id uuid NOT NULL,
  claim_id uuid NOT NULL,
  claimed_until timestamptz(3) NOT NULL,
  reply text,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  PRIMARY KEY (actor, key_hash)
)`);
    await queryRunner.query(
      'CREATE INDEX idempotent_requests_created_at_idx ON idempotent_requests (created_at)',
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE idempotent_requests');
  }
}
