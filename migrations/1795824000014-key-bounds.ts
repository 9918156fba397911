import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Fleets that a key is confined to, whose it is, when it ends, and when it was used last. */
export class KeyBounds1795824000014 implements MigrationInterface {
  readonly name = 'KeyBounds1795824000014';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(UP);
  }

  /** Revokes keys that have bounds: the release of before would let them do everything, and for ever. */
  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      'UPDATE api_keys SET revoked_at = now() WHERE revoked_at IS NULL AND num_nonnulls(fleet_ids, expires_at) > 0',
    );
    await queryRunner.query(DOWN);
  }
}

const UP = `
ALTER TABLE api_keys
  ADD COLUMN fleet_ids uuid[]
    CONSTRAINT api_keys_fleet_ids_check CHECK (cardinality(fleet_ids) > 0),
  ADD COLUMN person text,
  ADD COLUMN expires_at timestamptz(3),
  ADD COLUMN last_used_at timestamptz(3)`;

const DOWN = `
ALTER TABLE api_keys
  DROP COLUMN fleet_ids,
  DROP COLUMN person,
  DROP COLUMN expires_at,
  DROP COLUMN last_used_at`;
