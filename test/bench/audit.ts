import { randomBytes, randomUUID } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { AuditLog, type NewAuditFact, Secret } from '#engine';
import { type Installation, openInstallation } from '#installation';
import { AuditRecords, openDataSource, PostgresAuditLog, verifyAudit } from '#persistence';
import { createLogger, generateApiKey, startEmbeddedPostgres } from '#platform';
import { createApi } from '../../apps/api/src/api.js';
import { numberOf, say } from './figures.js';

const FACT: NewAuditFact = {
  ...{ stage: 'outcome', outcome: 'succeeded', operation: 'pauseRotation', subjects: ['rotation:1'] },
  ...{ actor: 'api-key:1', actorLabel: 'ana', actorRole: 'operator', requestId: 'r', reason: 'lunch' },
  ...{ address: '127.0.0.1', details: { intent: 1 } },
};

/** What the API would cost without the chain. */
class NoAuditLog extends AuditLog {
  override record(): Promise<number> {
    return Promise.resolve(0);
  }
}

const folder = mkdtempSync(path.join(tmpdir(), 'windlass-audit-bench-'));
// PostgreSQL's own user must pass through; it keeps fsync, as in production.
chmodSync(folder, 0o711);
const silent = createLogger('bench', 'error');
const postgres = await startEmbeddedPostgres({ dataDir: folder, log: silent });
const writes = numberOf('writes', 400);
try {
  const installation = await openInstallation(
    {
      ...{ databaseUrl: new Secret(postgres.url), redisUrl: null, masterKeyFile: '', postgresDir: '' },
      masterKey: new Secret(randomBytes(32).toString('base64')),
    },
    silent,
  );
  await chain(postgres.url);
  for (const clients of [1, 16]) {
    const without = await api({ ...installation, auditLog: new NoAuditLog() }, clients);
    const chained = await api(installation, clients);
    say(
      `API, ${clients} at once: ${chained.toFixed(0)} writes/s, ${without.toFixed(0)} without the chain (${(chained / without).toFixed(2)}x)`,
    );
  }
  const { count } = await new AuditRecords(installation.dataSource).head();
  const seconds = await secondsOf(() => verifyAudit(installation.dataSource, null));
  say(`verify: ${count} entries in ${seconds.toFixed(2)} s`);
  await installation.close();
} finally {
  await postgres.close();
  rmSync(folder, { recursive: true, force: true });
}

/** Entries a second, by so many replicas with so many requests at once each. */
async function chain(url: string): Promise<void> {
  for (const [replicas, each] of [
    [1, 1],
    [1, 16],
    [3, 16],
  ] as const) {
    const sources = await Promise.all(
      Array.from({ length: replicas }, () => openDataSource(url, { poolSize: 2 })),
    );
    const logs = sources.flatMap((source) => Array<AuditLog>(each).fill(new PostgresAuditLog(source)));
    const perClient = Math.ceil((writes * 2) / logs.length);
    const seconds = await secondsOf(() =>
      Promise.all(logs.map((log) => repeat(perClient, () => log.record(FACT)))),
    );
    say(
      `chain, ${replicas} replicas, ${each} at once each: ${((perClient * logs.length) / seconds).toFixed(0)} entries/s`,
    );
    await Promise.all(sources.map((source) => source.destroy()));
  }
}

/** Writes a second: keys that are made, the cheapest write that there is. */
async function api(installation: Installation, clients: number): Promise<number> {
  const key = generateApiKey();
  await installation.records.apiKeys.ensureAdminKey(key);
  const app = await createApi(installation, {
    log: silent,
    rates: { requests: 1e9, refusals: 1e9 },
    oidc: null,
  });
  await app.listen(0, '127.0.0.1');
  const { port } = app.getHttpServer().address() as AddressInfo;
  const make = async () => {
    const reply = await fetch(`http://127.0.0.1:${port}/v1/api-keys`, {
      ...{ method: 'POST', body: JSON.stringify({ role: 'viewer', label: randomUUID() }) },
      headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' },
    });
    if (reply.status !== 201) throw new Error(await reply.text());
    await reply.arrayBuffer();
  };
  await repeat(20, make);
  const perClient = Math.ceil(writes / clients);
  const seconds = await secondsOf(() =>
    Promise.all(Array.from({ length: clients }, () => repeat(perClient, make))),
  );
  await app.close();
  return (perClient * clients) / seconds;
}

async function repeat(times: number, work: () => Promise<unknown>): Promise<void> {
  for (let time = 0; time < times; time += 1) await work();
}

async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return (performance.now() - begun) / 1_000;
}
