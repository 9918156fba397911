import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { INestApplication } from '@nestjs/common';
import { Secret } from '#engine';
import { type Installation, openInstallation } from '#installation';
import { makeCa } from '#kit';
import { createLogger, generateApiKey, startEmbeddedPostgres } from '#platform';
import { createApi } from '../../apps/api/src/api.js';
import { aFleet, aHost } from '../kit/stored-fleet.js';
import type { Held, Load } from './api-load.js';
import { createBareApi } from './bare-api.js';
import { median, numberOf, say } from './figures.js';

/** Both servers, each kind of request and five rounds are half a minute of load. */
const WINDOW_MS = 750;
const HOSTS = 20;

type Request = Pick<Load, 'body' | 'status'> & { readonly path: string };
type Server = 'windlass' | 'bare';

const rounds = numberOf('rounds', 5);
const clients = numberOf('clients', 16);
const folder = mkdtempSync(path.join(tmpdir(), 'windlass-api-bench-'));
// PostgreSQL's own user must pass through; it keeps fsync, as in production.
chmodSync(folder, 0o711);
const silent = createLogger('bench', 'error');
const sender = new Worker(new URL('./api-load.js', import.meta.url));
const postgres = await startEmbeddedPostgres({ dataDir: folder, log: silent });
try {
  const masterKey = new Secret(randomBytes(32).toString('base64'));
  const files = { redisUrl: null, masterKeyFile: '', postgresDir: '' };
  const installation = await openInstallation(
    { ...files, masterKey, databaseUrl: new Secret(postgres.url) },
    silent,
  );
  const key = generateApiKey();
  await installation.records.apiKeys.ensureAdminKey(key);
  const rates = { requests: 1e9, refusals: 1e9 };
  const apps = {
    windlass: await createApi(installation, {
      log: createLogger('bench', 'info', nowhere()),
      rates,
      oidc: null,
    }),
    bare: await createBareApi(installation),
  };
  report(await measure(apps, await requestsOf(installation), key));
  await Promise.all(Object.values(apps).map((app) => app.close()));
  await installation.close();
} finally {
  await sender.terminate();
  await postgres.close();
  rmSync(folder, { recursive: true, force: true });
}

/** A log that is written, as in production, and kept nowhere. */
function nowhere() {
  return { write: () => undefined };
}

/** One fleet with a rotation, and what is asked of both servers. */
async function requestsOf({ records, commands }: Installation): Promise<Record<string, Request>> {
  const fleet = await records.fleets.createFleet(aFleet());
  await records.hosts.addHosts(
    fleet.id,
    Array.from({ length: HOSTS }, () => aHost()),
  );
  const rotationId = await commands.start({ fleetId: fleet.id, requestedBy: 'bench', reason: 'load' });
  const client = await (await makeCa({ commonName: 'bench CA' })).issueClient({ commonName: 'bench client' });
  const sample = { certificatePem: client.certificatePem, expect: 'accepted' };
  const read = { body: null, status: 200 };
  return {
    readFleet: { ...read, path: `/v1/fleets/${fleet.id}` },
    readRotation: { ...read, path: `/v1/rotations/${rotationId}` },
    listFleets: { ...read, path: '/v1/fleets' },
    addSample: { body: sample, status: 201, path: `/v1/fleets/${fleet.id}/samples` },
  };
}

/** Requests a second, by request and server, one figure a round. The servers take turns, so that both have the same machine. */
async function measure(
  apps: Record<Server, INestApplication>,
  requests: Record<string, Request>,
  key: string,
): Promise<Map<string, Record<Server, number[]>>> {
  for (const app of Object.values(apps)) await app.listen(0, '127.0.0.1');
  const figures = new Map(
    Object.keys(requests).map((name) => [name, { windlass: [] as number[], bare: [] as number[] }]),
  );
  // The first round warms up both, and is not counted.
  for (let round = 0; round <= rounds; round += 1) {
    for (const [name, request] of Object.entries(requests)) {
      for (const server of turns(round)) {
        const { port } = apps[server].getHttpServer().address() as AddressInfo;
        const url = `http://127.0.0.1:${port}${request.path}`;
        const { body, status } = request;
        const rate = await held({ url, body, status, key, clients, milliseconds: WINDOW_MS });
        if (round > 0) figures.get(name)?.[server].push(rate);
      }
    }
  }
  return figures;
}

function turns(round: number): readonly Server[] {
  return round % 2 === 0 ? ['windlass', 'bare'] : ['bare', 'windlass'];
}

async function held(load: Load): Promise<number> {
  sender.postMessage(load);
  const [said] = (await once(sender, 'message')) as [Held];
  if ('wrong' in said) throw new Error(said.wrong);
  return said.answered / said.seconds;
}

function report(figures: ReadonlyMap<string, Record<Server, readonly number[]>>): void {
  const rows = [...figures].map(([name, { windlass, bare }]) => {
    // Of each round by itself: what else the machine does changes from round to round.
    const ratio = median(windlass.map((rate, round) => rate / (bare[round] ?? Number.NaN)));
    const both = { windlass: Math.round(median(windlass)), bare: Math.round(median(bare)) };
    return [name, { ...both, ratio: Number(ratio.toFixed(2)) }] as const;
  });
  for (const [name, { windlass, bare, ratio }] of rows) {
    say(
      `${name}: ${windlass} requests/s, ${bare} of a bare Nest app with the same database calls (${ratio}x)`,
    );
  }
  say(JSON.stringify({ rounds, clients, requestsPerSecond: Object.fromEntries(rows) }));
}
