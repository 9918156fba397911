import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Secret } from '#engine';
import { bootFleet, makeCa, type TestFleet } from '#kit';
import { TlsProbe } from '#probe';
import { type Cost, Meter } from './cpu.js';
import { median, numberOf, say } from './figures.js';
import { type LoopClient, OpenSshLoop } from './openssh-loop.js';
import { WindlassFleet } from './windlass-fleet.js';
import { type Round, windlassRound } from './windlass-round.js';

async function opensshRound(
  loop: OpenSshLoop,
  fleet: TestFleet,
  bundle: string,
  client: LoopClient,
): Promise<Cost> {
  const meter = new Meter();
  await loop.bring(fleet.hosts, bundle, client);
  return meter.read();
}

/** The loop leaves behind what the next rotation has to find. */
async function rounds(fleet: TestFleet, windlass: WindlassFleet, count: number) {
  const other = await makeCa({ commonName: 'OpenSSH loop' });
  const leaf = await other.issueClient({ commonName: 'bench client' });
  const file = (name: string, text: string) => {
    writeFileSync(path.join(fleet.folder, name), text, { mode: 0o600 });
    return path.join(fleet.folder, name);
  };
  const client = {
    certificateFile: file('loop-client.pem', leaf.certificatePem),
    keyFile: file('loop-client.key', leaf.privateKeyPem),
  };
  const loop = new OpenSshLoop(fleet.folder, fleet.hosts, {
    atOnce: 10,
    sameAlgorithms: process.argv.includes('--same-algorithms'),
  });
  const live = () => readFileSync(path.join(fleet.folder, 'host-1', 'etc/nginx/trust/client-ca.pem'), 'utf8');
  const openssh: Cost[] = [];
  const ours: Round[] = [];
  for (let round = 1; round <= count; round += 1) {
    const before = live();
    openssh.push(await opensshRound(loop, fleet, before + other.certificatePem, client));
    await loop.bring(fleet.hosts, before, null);
    ours.push(await windlassRound(windlass, fleet));
    say(`round ${round}: OpenSSH ${describe(openssh.at(-1))}; Windlass ${describe(ours.at(-1)?.cost)}`);
  }
  const probes = await askEverybody(fleet, leaf.certificatePem, leaf.privateKeyPem);
  return { openssh, ours, probes };
}

/** What each host is asked in one transition, without anything else: its marker twice, nobody, a stranger, a client. */
async function askEverybody(fleet: TestFleet, certificatePem: string, key: string): Promise<Cost> {
  const probe = new TlsProbe();
  const identity = { certificatePem, chainPem: '', privateKey: new Secret(key) };
  const meter = new Meter();
  await Promise.all(
    fleet.hosts.map(async ({ address, httpsPort: port }) => {
      const target = { address, port, serverName: 'edge.test', path: '/' };
      for (const _ of [1, 2]) await probe.servedCaNames(target);
      for (const who of [null, identity, identity]) await probe.ask(target, who);
    }),
  );
  return meter.read();
}

const medianOf = (costs: readonly Cost[]): Cost => ({
  wall: median(costs.map(({ wall }) => wall)),
  client: median(costs.map(({ client }) => client)),
  database: median(costs.map(({ database }) => database)),
  hosts: median(costs.map(({ hosts }) => hosts)),
});

/** In words: what the loop does not do, and what it costs. */
function price(ours: readonly Round[], probes: Cost): void {
  say('What the time of Windlass goes to (medians), and what none of it is skipped for:');
  const [{ parts = [] } = {}] = ours;
  for (const [index, { what }] of parts.entries()) {
    const cost = medianOf(ours.flatMap((round) => round.parts[index]?.cost ?? []));
    say(`  ${describe(cost)}: ${what}`);
  }
  say(`  of these, what each host is asked from outside, alone and at once: ${describe(probes)}`);
  const wall = median(ours.map(({ cost }) => cost.wall));
  const renamed = median(ours.map((round) => round.renamed));
  const share = ((100 * renamed) / wall).toFixed(0);
  const live = median(ours.map((round) => round.live)).toFixed(2);
  say(
    `skew: the last host was switched ${renamed.toFixed(2)} s after the first (${share} % of the transition), and proven live ${live} s after it`,
  );
}

function describe(cost: Cost | undefined): string {
  if (!cost) return '';
  return `${cost.wall.toFixed(2)} s (CPU: client ${cost.client.toFixed(2)} s, database ${cost.database.toFixed(2)} s, hosts ${cost.hosts.toFixed(2)} s)`;
}

const count = numberOf('hosts', 50);
const pki = await WindlassFleet.startPki();
const fleet = await bootFleet({ hosts: count, bundlePem: pki.bundlePem });
const windlass = await WindlassFleet.open(fleet, pki);
say(
  `${count} hosts: one transition by Windlass, and the same job by an OpenSSH loop, 10 at once, one exec a host`,
);
const { openssh, ours, probes } = await rounds(fleet, windlass, numberOf('rounds', 3));
await windlass.stop();
await fleet.stop();
price(ours, probes);
say((median(ours.map(({ cost }) => cost.wall)) / median(openssh.map(({ wall }) => wall))).toFixed(3));
process.exit(0);
