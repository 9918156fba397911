import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Hosts that the SSH agent of the worker logs in to: no private key of theirs is stored. */
export class SshLogins1795824000021 implements MigrationInterface {
  readonly name = 'SshLogins1795824000021';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE hosts ALTER COLUMN private_key DROP NOT NULL');
  }

  /** Refused while there are such hosts: the release of before could not log in to them. */
  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE hosts ALTER COLUMN private_key SET NOT NULL');
  }
}
