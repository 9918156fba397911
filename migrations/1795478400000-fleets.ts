import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What people record: issuing CAs, fleets with their generations, hosts, samples, schedules. */
export class Fleets1795478400000 implements MigrationInterface {
  readonly name = 'Fleets1795478400000';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of [ISSUING_CAS, FLEETS, GENERATIONS, HOSTS, SAMPLES, SCHEDULES]) {
      await queryRunner.query(statement);
    }
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE schedules, sample_clients, probe_targets, hosts');
    await queryRunner.query('ALTER TABLE fleets DROP CONSTRAINT fleets_id_generation_id_fkey');
    await queryRunner.query('DROP TABLE generations, fleets, issuing_cas');
    await queryRunner.query('DROP FUNCTION refuse_change()');
  }
}

const ISSUING_CAS = `
CREATE TABLE issuing_cas (
  id uuid PRIMARY KEY,
  address text NOT NULL,
  namespace text NOT NULL,
  mount text NOT NULL,
  role text NOT NULL,
  token text NOT NULL,
  server_ca_pem text,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  CONSTRAINT issuing_cas_address_namespace_mount_key UNIQUE (address, namespace, mount)
)`;

const FLEETS = `
CREATE TABLE fleets (
  id uuid PRIMARY KEY,
  name text NOT NULL CONSTRAINT fleets_name_key UNIQUE,
  soak_seconds integer NOT NULL CONSTRAINT fleets_soak_seconds_check CHECK (soak_seconds >= 0),
  canary_hosts integer NOT NULL CONSTRAINT fleets_canary_hosts_check CHECK (canary_hosts >= 1),
  ca_ttl_seconds bigint NOT NULL CONSTRAINT fleets_ca_ttl_seconds_check CHECK (ca_ttl_seconds > 0),
  issuing_ca_id uuid NOT NULL CONSTRAINT fleets_issuing_ca_id_fkey REFERENCES issuing_cas (id),
  generation_id uuid NOT NULL,
  last_rotated_at timestamptz(3),
  created_at timestamptz(3) NOT NULL DEFAULT now()
);
CREATE INDEX fleets_created_at_id_idx ON fleets (created_at, id)`;

/** The fleet's generation is checked at COMMIT: a fleet and its first generation name each other. */
const GENERATIONS = `
CREATE TABLE generations (
  id uuid PRIMARY KEY,
  fleet_id uuid NOT NULL CONSTRAINT generations_fleet_id_fkey REFERENCES fleets (id),
  number integer NOT NULL CONSTRAINT generations_number_check CHECK (number >= 1),
  content text NOT NULL,
  digest text NOT NULL CONSTRAINT generations_digest_check CHECK (digest ~ '^[0-9a-f]{64}$'),
  marker text,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  CONSTRAINT generations_fleet_id_number_key UNIQUE (fleet_id, number),
  CONSTRAINT generations_fleet_id_digest_key UNIQUE (fleet_id, digest),
  CONSTRAINT generations_fleet_id_id_key UNIQUE (fleet_id, id)
);
ALTER TABLE fleets ADD CONSTRAINT fleets_id_generation_id_fkey
  FOREIGN KEY (id, generation_id) REFERENCES generations (fleet_id, id) DEFERRABLE INITIALLY DEFERRED;
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% on % is refused: its rows are never changed', TG_OP, TG_TABLE_NAME
    USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER generations_immutable BEFORE UPDATE ON generations
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()`;

const HOSTS = `
CREATE TABLE hosts (
  id uuid PRIMARY KEY,
  fleet_id uuid NOT NULL CONSTRAINT hosts_fleet_id_fkey REFERENCES fleets (id),
  name text NOT NULL,
  address text NOT NULL,
  port integer NOT NULL CONSTRAINT hosts_port_check CHECK (port BETWEEN 1 AND 65535),
  ssh_user text NOT NULL,
  host_key text NOT NULL,
  private_key text NOT NULL,
  managed_paths text[] NOT NULL CONSTRAINT hosts_managed_paths_check CHECK (cardinality(managed_paths) >= 1),
  nginx_binary text NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  CONSTRAINT hosts_address_port_key UNIQUE (address, port),
  CONSTRAINT hosts_fleet_id_name_key UNIQUE (fleet_id, name)
);
CREATE INDEX hosts_fleet_id_created_at_id_idx ON hosts (fleet_id, created_at, id);
CREATE TABLE probe_targets (
  host_id uuid NOT NULL CONSTRAINT probe_targets_host_id_fkey REFERENCES hosts (id) ON DELETE CASCADE,
  position integer NOT NULL,
  address text NOT NULL,
  port integer NOT NULL CONSTRAINT probe_targets_port_check CHECK (port BETWEEN 1 AND 65535),
  server_name text,
  path text NOT NULL CONSTRAINT probe_targets_path_check CHECK (path LIKE '/%'),
  PRIMARY KEY (host_id, position)
)`;

const SAMPLES = `
CREATE TABLE sample_clients (
  id uuid PRIMARY KEY,
  fleet_id uuid NOT NULL CONSTRAINT sample_clients_fleet_id_fkey REFERENCES fleets (id),
  name text NOT NULL,
  certificate_pem text NOT NULL,
  chain_pem text NOT NULL,
  private_key text,
  expect text NOT NULL CONSTRAINT sample_clients_expect_check CHECK (expect IN ('accepted', 'refused')),
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  CONSTRAINT sample_clients_fleet_id_name_key UNIQUE (fleet_id, name)
)`;

const SCHEDULES = `
CREATE TABLE schedules (
  id uuid PRIMARY KEY,
  fleet_id uuid NOT NULL CONSTRAINT schedules_fleet_id_fkey REFERENCES fleets (id),
  rotate_when_days_left integer NOT NULL
    CONSTRAINT schedules_rotate_when_days_left_check CHECK (rotate_when_days_left >= 0),
  cron text NOT NULL,
  time_zone text NOT NULL,
  enabled boolean NOT NULL,
  last_tick_at timestamptz(3),
  last_outcome text,
  created_at timestamptz(3) NOT NULL DEFAULT now()
);
CREATE INDEX schedules_fleet_id_idx ON schedules (fleet_id)`;
