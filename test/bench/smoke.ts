import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { JournalEntry } from '#engine';
import type { SshHostGateway } from '#host';
import { bootFleet, makeCa, type TestFleet } from '#kit';
import { type Cost, Meter } from './cpu.js';
import { type LoopClient, OpenSshLoop } from './openssh-loop.js';
import { WindlassFleet } from './windlass-fleet.js';

const say = (text: string) => process.stdout.write(`${text}\n`);

function numberOf(name: string, otherwise: number): number {
  const at = process.argv.indexOf(`--${name}`);
  const value = at < 0 ? otherwise : Number(process.argv[at + 1]);
  if (!Number.isInteger(value) || value < 1) throw new Error(`--${name} must be a whole number from 1`);
  return value;
}

const median = (values: readonly number[]) => {
  const sorted = values.toSorted((a, b) => a - b);
  return (
    ((sorted[Math.floor((sorted.length - 1) / 2)] ?? 0) + (sorted[Math.ceil((sorted.length - 1) / 2)] ?? 0)) /
    2
  );
};

interface Round {
  readonly cost: Cost;
  readonly skew: number;
}

/** From the first stage to the last confirm of the expand, with connecting, journal, votes, proofs and probes. */
async function windlassRound(windlass: WindlassFleet): Promise<Round> {
  const { hosts, journal } = windlass.installation.parts;
  const { stage } = hosts;
  const { append } = journal;
  let meter: Meter | null = null;
  let fresh: Promise<void> | null = null;
  let cost: Cost = { wall: 0, client: 0, database: 0, hosts: 0 };
  hosts.stage = async (...args) => {
    meter ??= new Meter();
    // What preflight connected is not given away for nothing.
    fresh ??= (hosts as SshHostGateway).close();
    await fresh;
    return stage.apply(hosts, args);
  };
  journal.append = async (entries) => {
    const written = await append.call(journal, entries);
    if (meter && written.some(isConfirmed)) cost = meter.read();
    return written;
  };
  try {
    const skew = skewOf(await windlass.rotate());
    return { cost, skew };
  } finally {
    Object.assign(hosts, { stage });
    Object.assign(journal, { append });
  }
}

const ended =
  (what: string) =>
  ({ event }: JournalEntry) =>
    event.type === 'effect.succeeded' && event.effectId.startsWith(`expand.1/host.${what}/`);
const isConfirmed = ended('confirm');

/** Seconds between the reports of the first and of the last host that was switched. */
function skewOf(journal: readonly JournalEntry[]): number {
  const times = journal.filter(ended('commit')).map(({ at }) => Date.parse(at));
  return (Math.max(...times) - Math.min(...times)) / 1000;
}

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
    ours.push(await windlassRound(windlass));
    say(
      `round ${round}: OpenSSH ${describe(openssh.at(-1))}; Windlass ${describe(ours.at(-1)?.cost)}, skew ${ours.at(-1)?.skew.toFixed(2)} s`,
    );
  }
  return { openssh, ours };
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
const { openssh, ours } = await rounds(fleet, windlass, numberOf('rounds', 3));
await windlass.stop();
await fleet.stop();
say((median(ours.map(({ cost }) => cost.wall)) / median(openssh.map(({ wall }) => wall))).toFixed(3));
process.exit(0);
