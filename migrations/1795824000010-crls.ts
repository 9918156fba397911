import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Fleets whose generations hold CRLs, CRLs that people hand in, and schedules that refresh them. */
export class Crls1795824000010 implements MigrationInterface {
  readonly name = 'Crls1795824000010';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `ALTER TABLE fleets
         ADD COLUMN revocation text NOT NULL DEFAULT 'none'
           CONSTRAINT fleets_revocation_check CHECK (revocation IN ('none', 'crl')),
         ADD COLUMN crls_pem text NOT NULL DEFAULT ''`,
    );
    await queryRunner.query('ALTER TABLE uploaded_cas ADD COLUMN crl_pem text');
    await queryRunner.query(kinds("'rotate', 'drift', 'refresh'", "<> 'drift'"));
  }

  /** A release before knows no schedule that refreshes: those are removed. */
  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query("DELETE FROM schedules WHERE kind = 'refresh'");
    await queryRunner.query(kinds("'rotate', 'drift'", "= 'rotate'"));
    await queryRunner.query('ALTER TABLE uploaded_cas DROP COLUMN crl_pem');
    await queryRunner.query('ALTER TABLE fleets DROP COLUMN crls_pem, DROP COLUMN revocation');
  }
}

/** Which kinds there are, and which of them may have a rule. */
function kinds(all: string, withRule: string): string {
  return `
ALTER TABLE schedules
  DROP CONSTRAINT schedules_kind_check,
  ADD CONSTRAINT schedules_kind_check CHECK (kind IN (${all})),
  DROP CONSTRAINT schedules_due_check,
  ADD CONSTRAINT schedules_due_check CHECK (
    num_nonnulls(rotate_when_days_left, rotate_when_hours_left, rotate_at_lifetime_percent)
      <= (kind ${withRule})::integer)`;
}
