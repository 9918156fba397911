import { randomBytes, randomUUID } from 'node:crypto';
import pg from 'pg';
import { freePort, startTestPostgres, type TestPostgres } from '#kit';
import { generateApiKey } from '#platform';
import type { ReducibleEntry } from '#rotation';
import { aFleetBody, aHostBody } from '../../e2e/bodies.js';
import { BenchApi } from '../bench-api.js';
import { bigRotation } from '../console/big-rotation.js';
import { Service } from '../scale/service.js';

/** What one request may enrol. */
const AT_ONCE = 1_000;
/** Entries of a statement. */
const ROWS = 2_000;

/** An API of its own over a large fleet and a rotation of it, whose journal is written as far as it is told to. */
export class BigFleet {
  private written = 0;

  private constructor(
    readonly api: BenchApi,
    readonly fleetId: string,
    readonly rotationId: string,
    readonly service: Service,
    private readonly entries: readonly ReducibleEntry[],
    private readonly database: pg.Client,
    private readonly postgres: TestPostgres,
  ) {}

  static async open(hosts: number): Promise<BigFleet> {
    const postgres = await startTestPostgres();
    const [port, key, rotationId] = [await freePort(), generateApiKey(), randomUUID()];
    const service = await Service.start('api', {
      ...{ DATABASE_URL: postgres.url, WINDLASS_MASTER_KEY: randomBytes(32).toString('base64') },
      ...{ PORT: String(port), WINDLASS_ADMIN_KEY: key, LOG_LEVEL: 'info', NODE_ENV: 'production' },
    });
    const api = new BenchApi(`http://127.0.0.1:${port}`, key);
    const fleetId = await record(api, hosts);
    const database = new pg.Client({ connectionString: postgres.url });
    await database.connect();
    await database.query(
      `INSERT INTO rotations (id, fleet_id, epoch, status, phase, version)
       VALUES ($1, $2, 1, 'running', 'preflight', 0)`,
      [rotationId, fleetId],
    );
    const entries = bigRotation(rotationId, hosts, fleetId);
    return new BigFleet(api, fleetId, rotationId, service, entries, database, postgres);
  }

  /** Of its journal, to its end. */
  get length(): number {
    return this.entries.length;
  }

  /** Writes so many of its entries more, as a worker would. */
  async write(count: number): Promise<void> {
    const { rotationId } = this;
    for (let left = count; left > 0; left -= ROWS) {
      const some = this.entries.slice(this.written, this.written + Math.min(left, ROWS));
      await this.database.query(
        `INSERT INTO journal_entries (rotation_id, sequence, append_id, type, event)
         SELECT $1, $2 + n, $3, event::json ->> 'type', event::json
           FROM unnest($4::text[]) WITH ORDINALITY AS e (event, n)`,
        [rotationId, this.written, randomUUID(), some.map(({ event }) => JSON.stringify(event))],
      );
      this.written += some.length;
    }
    await this.database.query('UPDATE rotations SET version = $2 WHERE id = $1', [rotationId, this.written]);
    await this.database.query(`SELECT pg_notify('windlass_journal', $1)`, [rotationId]);
  }

  async stop(): Promise<void> {
    this.api.close();
    await this.service.stop();
    await this.database.end();
    await this.postgres.close();
  }
}

/** Returns the id of the fleet. */
async function record(api: BenchApi, hosts: number): Promise<string> {
  const { id } = await api.post('/v1/fleets', await aFleetBody());
  // With one key for all: making twenty thousand would take longer than all that is measured.
  const likeness = aHostBody();
  const bodies = Array.from({ length: hosts }, (_, place) => {
    const address = `10.${place >> 16}.${(place >> 8) & 255}.${place & 255}`;
    const probeTargets = [{ address, port: 443, serverName: 'edge.test', path: '/' }];
    return { ...likeness, name: `edge-${place}`, address, probeTargets };
  });
  for (let from = 0; from < hosts; from += AT_ONCE) {
    await api.post(`/v1/fleets/${id}/hosts`, { hosts: bodies.slice(from, from + AT_ONCE) });
  }
  return String(id);
}
