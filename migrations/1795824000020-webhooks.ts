import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who is told of events, what they were told, and how far the journals were told. */
export class Webhooks1795824000020 implements MigrationInterface {
  readonly name = 'Webhooks1795824000020';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of [ENDPOINTS, DELIVERIES, CURSORS]) await queryRunner.query(statement);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE webhook_cursors, webhook_deliveries, webhook_endpoints');
  }
}

const ENDPOINTS = `
CREATE TABLE webhook_endpoints (
  id uuid PRIMARY KEY,
  url text NOT NULL,
  description text NOT NULL,
  event_types text[],
  fleet_ids uuid[],
  enabled boolean NOT NULL,
  disabled_at timestamptz(3),
  disabled_reason text,
  last_delivered_at timestamptz(3),
  secret text NOT NULL,
  previous_secret text,
  previous_secret_until timestamptz(3),
  created_by text NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  CONSTRAINT webhook_endpoints_previous_secret_check
    CHECK ((previous_secret IS NULL) = (previous_secret_until IS NULL))
);
CREATE INDEX webhook_endpoints_created_at_id_idx ON webhook_endpoints (created_at, id)`;

const DELIVERIES = `
CREATE TABLE webhook_deliveries (
  id uuid PRIMARY KEY,
  endpoint_id uuid NOT NULL CONSTRAINT webhook_deliveries_endpoint_id_fkey
    REFERENCES webhook_endpoints (id) ON DELETE CASCADE,
  event_id text NOT NULL,
  event_type text NOT NULL,
  body text NOT NULL,
  status text NOT NULL DEFAULT 'pending' CONSTRAINT webhook_deliveries_status_check
    CHECK (status IN ('pending', 'delivered', 'failed')),
  attempts integer NOT NULL DEFAULT 0,
  first_attempt_at timestamptz(3),
  last_attempt_at timestamptz(3),
  next_attempt_at timestamptz(3),
  claim uuid,
  claimed_until timestamptz(3),
  response_code integer,
  error text,
  redelivered_at timestamptz(3),
  redelivered_by text,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  CONSTRAINT webhook_deliveries_endpoint_id_event_id_key UNIQUE (endpoint_id, event_id),
  CONSTRAINT webhook_deliveries_next_attempt_at_check
    CHECK ((next_attempt_at IS NOT NULL) = (status = 'pending'))
);
CREATE INDEX webhook_deliveries_endpoint_id_created_at_id_idx
  ON webhook_deliveries (endpoint_id, created_at, id);
CREATE INDEX webhook_deliveries_pending_idx ON webhook_deliveries (next_attempt_at) WHERE status = 'pending';
CREATE INDEX webhook_deliveries_created_at_idx ON webhook_deliveries (created_at)`;

const CURSORS = `
CREATE TABLE webhook_cursors (
  source text NOT NULL CONSTRAINT webhook_cursors_source_check CHECK (source IN ('rotation', 'drift')),
  id uuid NOT NULL,
  position bigint NOT NULL CONSTRAINT webhook_cursors_position_check CHECK (position >= 0),
  PRIMARY KEY (source, id)
)`;
