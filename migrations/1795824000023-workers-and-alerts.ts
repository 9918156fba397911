import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When each worker last came to the end of a look, and schedules that alerts may start. */
export class WorkersAndAlerts1795824000023 implements MigrationInterface {
  readonly name = 'WorkersAndAlerts1795824000023';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of [WORKERS, SCHEDULES, STARTS]) await queryRunner.query(statement);
  }

  /** What alerts asked for and was not started yet is forgotten. */
  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE alert_starts, workers');
    await queryRunner.query(
      'ALTER TABLE schedules DROP CONSTRAINT schedules_start_on_alert_check, DROP COLUMN start_on_alert, DROP COLUMN alerted_at',
    );
  }
}

const WORKERS = `
CREATE TABLE workers (
  name text PRIMARY KEY,
  looked_at timestamptz(3) NOT NULL
)`;

const SCHEDULES = `
ALTER TABLE schedules
  ADD COLUMN start_on_alert boolean NOT NULL DEFAULT false,
  ADD COLUMN alerted_at timestamptz(3),
  ADD CONSTRAINT schedules_start_on_alert_check CHECK (kind = 'rotate' OR NOT start_on_alert)`;

const STARTS = `
CREATE TABLE alert_starts (
  schedule_id uuid NOT NULL CONSTRAINT alert_starts_schedule_id_fkey REFERENCES schedules (id) ON DELETE CASCADE,
  alert text NOT NULL,
  asked_at timestamptz(3) NOT NULL,
  PRIMARY KEY (schedule_id, alert)
)`;
