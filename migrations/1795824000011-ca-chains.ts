import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who signs the CAs of a Vault that rotations make, and what becomes of roles that name the old one. */
export class CaChains1795824000011 implements MigrationInterface {
  readonly name = 'CaChains1795824000011';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE issuing_cas
        ADD COLUMN signed_by_mount text,
        ADD COLUMN signed_by_issuer text,
        ADD COLUMN pinned_roles text NOT NULL DEFAULT 'refuse',
        ADD CONSTRAINT issuing_cas_signed_by_check CHECK (
          num_nonnulls(signed_by_mount, signed_by_issuer) IN (0, 2)
          AND (kind = 'vault' OR signed_by_mount IS NULL)),
        ADD CONSTRAINT issuing_cas_pinned_roles_check CHECK (pinned_roles IN ('refuse', 'move'))`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE issuing_cas
        DROP CONSTRAINT issuing_cas_signed_by_check,
        DROP CONSTRAINT issuing_cas_pinned_roles_check,
        DROP COLUMN signed_by_mount,
        DROP COLUMN signed_by_issuer,
        DROP COLUMN pinned_roles`);
  }
}
