import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * When a schedule looks next, in which windows it may start something, and what stopped it. What was recorded
 * before goes on as it was: its next tick is worked out by the first worker.
 */
export class SchedulePlans1795824000000 implements MigrationInterface {
  readonly name = 'SchedulePlans1795824000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(SCHEDULES);
    await queryRunner.query(ROTATIONS);
  }

  /** A release before knows days only: what it would take for something else is removed. */
  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `ALTER TABLE rotations DROP CONSTRAINT rotations_schedule_id_schedule_tick_at_key,
       DROP COLUMN schedule_id, DROP COLUMN schedule_tick_at`,
    );
    await queryRunner.query('DELETE FROM schedules WHERE rotate_when_days_left IS NULL');
    await queryRunner.query('ALTER TABLE schedules ALTER COLUMN rotate_when_days_left SET NOT NULL');
    await queryRunner.query(
      `ALTER TABLE schedules DROP CONSTRAINT schedules_due_check, ${ADDED.map((column) => `DROP COLUMN ${column}`).join(', ')}`,
    );
  }
}

const ADDED = [
  ...['kind', 'rotate_when_hours_left', 'rotate_at_lifetime_percent', 'windows', 'jitter_seconds', 'repair'],
  ...['next_tick_at', 'claimed_until', 'last_drift', 'suspended_at', 'suspended_rotation_id'],
  ...['suspended_status', 'resumed_at', 'resumed_by', 'resumed_because', 'resumed_rotation_id'],
];

const SCHEDULES = `
ALTER TABLE schedules
  ALTER COLUMN rotate_when_days_left DROP NOT NULL,
  ADD COLUMN kind text NOT NULL DEFAULT 'rotate'
    CONSTRAINT schedules_kind_check CHECK (kind IN ('rotate', 'drift')),
  ADD COLUMN rotate_when_hours_left integer
    CONSTRAINT schedules_rotate_when_hours_left_check CHECK (rotate_when_hours_left > 0),
  ADD COLUMN rotate_at_lifetime_percent integer
    CONSTRAINT schedules_rotate_at_lifetime_percent_check CHECK (rotate_at_lifetime_percent BETWEEN 1 AND 99),
  ADD CONSTRAINT schedules_due_check CHECK (
    num_nonnulls(rotate_when_days_left, rotate_when_hours_left, rotate_at_lifetime_percent)
      <= (kind = 'rotate')::integer),
  ADD COLUMN windows jsonb NOT NULL DEFAULT '[]',
  ADD COLUMN jitter_seconds integer NOT NULL DEFAULT 0
    CONSTRAINT schedules_jitter_seconds_check CHECK (jitter_seconds >= 0),
  ADD COLUMN repair boolean NOT NULL DEFAULT false,
  ADD COLUMN next_tick_at timestamptz(3),
  ADD COLUMN claimed_until timestamptz(3),
  ADD COLUMN last_drift jsonb,
  ADD COLUMN suspended_at timestamptz(3),
  ADD COLUMN suspended_rotation_id uuid,
  ADD COLUMN suspended_status text,
  ADD COLUMN resumed_at timestamptz(3),
  ADD COLUMN resumed_by text,
  ADD COLUMN resumed_because text,
  ADD COLUMN resumed_rotation_id uuid`;

const ROTATIONS = `
ALTER TABLE rotations
  ADD COLUMN schedule_id uuid
    CONSTRAINT rotations_schedule_id_fkey REFERENCES schedules (id) ON DELETE SET NULL,
  ADD COLUMN schedule_tick_at timestamptz(3),
  ADD CONSTRAINT rotations_schedule_id_schedule_tick_at_key UNIQUE (schedule_id, schedule_tick_at)`;
