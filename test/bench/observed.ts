import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { bootFleet, freePort } from '#kit';
import { createLogger, Metrics, startTracing } from '#platform';
import { type Cost, Meter } from './cpu.js';
import { median, numberOf, say } from './figures.js';
import { HostsCpu } from './hosts-cpu.js';
import { WindlassFleet } from './windlass-fleet.js';
import { windlassRound } from './windlass-round.js';

/** A collector that reads everything and keeps nothing, in a process of its own: what it costs is not ours. */
const SINK = `require('node:http').createServer((request, response) => {
  request.resume().on('end', () => response.setHeader('Content-Type', 'application/json').end('{}'));
}).listen(Number(process.argv[1]), '127.0.0.1', () => process.stdout.write('listening'))`;

async function startSink(port: number): Promise<ChildProcess> {
  const sink = spawn(process.execPath, ['-e', SINK, String(port)], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(sink.stdout, 'data');
  return sink;
}

/** What metrics and traces cost: one transition without them and with them, in turn, on the same hosts. */
const hosts = numberOf('hosts', 50);
const rounds = numberOf('rounds', 4);
const pki = await WindlassFleet.startPki();
const fleet = await bootFleet({ hosts, bundlePem: pki.bundlePem });
const windlass = await WindlassFleet.open(fleet, pki);
const hostsCpu = new HostsCpu(fleet);
const begin = () => new Meter(hostsCpu, windlass.postgres.database);
const port = await freePort();
const sink = await startSink(port);
process.env.OTEL_EXPORTER_OTLP_ENDPOINT = `http://127.0.0.1:${port}`;
const traces = await startTracing('windlass-bench', { traces: true }, createLogger('bench', 'warn'));
const { measure } = new Metrics();

const costs = { without: [] as Cost[], with: [] as Cost[] };
for (let round = 0; round < rounds; round += 1) {
  // Whoever comes first has warmer or colder caches: each is first every other time.
  const order = round % 2 === 0 ? (['without', 'with'] as const) : (['with', 'without'] as const);
  for (const kind of order) {
    await windlass.reopen(kind === 'with' ? { traces, measure } : {});
    const { cost } = await windlassRound(windlass, fleet, begin);
    costs[kind].push(cost);
    say(`${kind} metrics and traces: ${cost.wall.toFixed(2)} s, CPU ${cost.client.toFixed(2)} s`);
  }
}
await windlass.stop();
await traces.stop();
await fleet.stop();
hostsCpu.stop();
sink.kill();

const share = (of: (cost: Cost) => number) =>
  Math.round((1_000 * median(costs.with.map(of))) / median(costs.without.map(of))) / 1_000;
const wall = share((cost) => cost.wall);
const cpu = share(({ client }) => client);
say(JSON.stringify({ hosts, rounds, wallWithShare: wall, orchestratorCpuWithShare: cpu }));
process.exit(0);
