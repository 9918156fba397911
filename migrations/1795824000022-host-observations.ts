import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What was last seen of each host. */
export class HostObservations1795824000022 implements MigrationInterface {
  readonly name = 'HostObservations1795824000022';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(UP);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE host_observations');
  }
}

const UP = `
CREATE TABLE host_observations (
  host_id uuid PRIMARY KEY CONSTRAINT host_observations_host_id_fkey
    REFERENCES hosts (id) ON DELETE CASCADE,
  generation_id uuid NOT NULL CONSTRAINT host_observations_generation_id_fkey REFERENCES generations (id),
  at timestamptz(3) NOT NULL,
  seen_at timestamptz(3),
  state text NOT NULL CONSTRAINT host_observations_state_check
    CHECK (state IN ('in-sync', 'drifted', 'unknown')),
  files jsonb NOT NULL,
  listeners jsonb NOT NULL,
  problems jsonb NOT NULL,
  CONSTRAINT host_observations_seen_at_check CHECK (state = 'unknown' OR seen_at = at)
)`;
