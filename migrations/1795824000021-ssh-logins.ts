import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Hosts that the SSH agent of the worker logs in to, and jump hosts. */
export class SshLogins1795824000021 implements MigrationInterface {
  readonly name = 'SshLogins1795824000021';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(UP);
  }

  /** Refused while there are such hosts: the release of before could not log in to them. */
  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(DOWN);
  }
}

const UP = `
ALTER TABLE hosts
  ALTER COLUMN private_key DROP NOT NULL,
  ADD COLUMN jump_address text,
  ADD COLUMN jump_port integer
    CONSTRAINT hosts_jump_port_check CHECK (jump_port BETWEEN 1 AND 65535),
  ADD COLUMN jump_user text,
  ADD COLUMN jump_host_key text,
  ADD COLUMN jump_private_key text,
  ADD CONSTRAINT hosts_jump_check
    CHECK (num_nonnulls(jump_address, jump_port, jump_user, jump_host_key) IN (0, 4)),
  ADD CONSTRAINT hosts_jump_key_check CHECK (jump_private_key IS NULL OR jump_address IS NOT NULL)`;

const DOWN = `
ALTER TABLE hosts ADD CONSTRAINT hosts_are_reached_directly CHECK (jump_address IS NULL);
ALTER TABLE hosts
  ALTER COLUMN private_key SET NOT NULL,
  DROP CONSTRAINT hosts_are_reached_directly,
  DROP COLUMN jump_address,
  DROP COLUMN jump_port,
  DROP COLUMN jump_user,
  DROP COLUMN jump_host_key,
  DROP COLUMN jump_private_key`;
