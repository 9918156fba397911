import type { MigrationInterface, QueryRunner } from 'typeorm';

/** One lease per scope of a rotation with terms of one counter, an epoch that can be raised, decommissioned hosts, fleets that rotate together. */
export class Scopes1795564800000 implements MigrationInterface {
  readonly name = 'Scopes1795564800000';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of [TERMS, SCOPED_LEASES, EPOCH, DECOMMISSIONED, TOGETHER]) {
      await queryRunner.query(statement);
    }
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const statement of [ONE_LEASE, EPOCH_SEQUENCE]) await queryRunner.query(statement);
    await queryRunner.query('ALTER TABLE rotations DROP COLUMN term');
    await queryRunner.query('ALTER TABLE hosts DROP COLUMN decommissioned_at');
    await queryRunner.query('ALTER TABLE rotations DROP COLUMN other_fleet_ids');
  }
}

const TERMS = `
ALTER TABLE rotations ADD COLUMN term integer NOT NULL DEFAULT 0
  CONSTRAINT rotations_term_check CHECK (term >= 0);
UPDATE rotations SET term = leases.term FROM leases WHERE leases.rotation_id = rotations.id`;

/** Whoever drove a rotation so far decided for it and acted on its hosts. */
const SCOPED_LEASES = `
ALTER TABLE leases ADD COLUMN scope text NOT NULL DEFAULT 'coordinator'
  CONSTRAINT leases_scope_check CHECK (scope ~ '^(coordinator|batch/[0-9]+)$');
ALTER TABLE leases ALTER COLUMN scope DROP DEFAULT;
ALTER TABLE leases DROP CONSTRAINT leases_pkey;
ALTER TABLE leases ADD CONSTRAINT leases_pkey PRIMARY KEY (rotation_id, scope);
ALTER TABLE leases ADD CONSTRAINT leases_rotation_id_term_key UNIQUE (rotation_id, term)`;

/** A sequence cannot be raised without a moment in which somebody draws the same number twice; a row can. */
const EPOCH = `
INSERT INTO installation (installation) VALUES (gen_random_uuid()) ON CONFLICT DO NOTHING;
ALTER TABLE installation ADD COLUMN epoch bigint NOT NULL DEFAULT 0
  CONSTRAINT installation_epoch_check CHECK (epoch >= 0);
UPDATE installation SET epoch =
  (SELECT CASE WHEN is_called THEN last_value ELSE last_value - 1 END FROM rotation_epoch);
DROP SEQUENCE rotation_epoch`;

const DECOMMISSIONED = 'ALTER TABLE hosts ADD COLUMN decommissioned_at timestamptz(3)';

const TOGETHER = `ALTER TABLE rotations ADD COLUMN other_fleet_ids uuid[] NOT NULL DEFAULT '{}'`;

/** The one lease that is left is free, and goes on behind the terms of all scopes. */
const ONE_LEASE = `
DELETE FROM leases;
INSERT INTO leases (rotation_id, scope, term, expires_at)
  SELECT id, 'coordinator', term, clock_timestamp() FROM rotations WHERE term > 0;
ALTER TABLE leases DROP CONSTRAINT leases_rotation_id_term_key;
ALTER TABLE leases DROP CONSTRAINT leases_pkey;
ALTER TABLE leases DROP COLUMN scope;
ALTER TABLE leases ADD CONSTRAINT leases_pkey PRIMARY KEY (rotation_id)`;

const EPOCH_SEQUENCE = `
CREATE SEQUENCE rotation_epoch AS bigint;
SELECT setval('rotation_epoch', greatest(epoch, 1), epoch > 0) FROM installation;
ALTER TABLE installation DROP COLUMN epoch`;
