import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When the old CA may be dropped. Fleets of before keep what they were promised: when the soak is over. */
export class ContractWhen1795737600000 implements MigrationInterface {
  readonly name = 'ContractWhen1795737600000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
ALTER TABLE fleets
  ADD COLUMN contract_when text NOT NULL DEFAULT 'soaked'
    CONSTRAINT fleets_contract_when_check CHECK (contract_when IN ('unused', 'soaked'))`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE fleets DROP COLUMN contract_when');
  }
}
