import type { Append, HostGateway, HostTarget, Journal } from '#engine';
import { PortError, Secret } from '#engine';
import { openInstallation } from '#installation';
import { startWorker } from '../../../apps/worker/src/worker.js';
import { eventName, type WorkerOrders } from './worker-orders.js';

// A worker as its own process, which dies or stands still at the one moment that it was told. It prints `ready`,
// and each answer of a host to a step behind that moment: `commit host-2: host.stale-token`.

const orders = JSON.parse(process.env.WINDLASS_TEST_ORDERS ?? '{}') as WorkerOrders;
const say = (line: string) => process.stdout.write(`${line}\n`);
let struck = false;

/** Returns only when this is not the moment, or somebody woke the process again. */
function pass(moment: string): void {
  if (struck || moment !== orders.moment) return;
  struck = true;
  process.kill(process.pid, orders.fate);
}

function mortalJournal(journal: Journal): Journal {
  return replacing(journal, 'append', async (append: Append) => {
    const names = append.events.map((event) => eventName(event, orders.hostNames));
    for (const name of names) pass(`before ${name}`);
    const entries = await journal.append(append);
    for (const name of names) pass(`after ${name}`);
    return entries;
  });
}

const STEPS = ['stage', 'commit', 'renew', 'confirm', 'revert', 'discard'] as const;

function mortalHosts(hosts: HostGateway): HostGateway {
  return STEPS.reduce((wrapped, step) => {
    const call = hosts[step].bind(hosts) as (host: HostTarget, ...rest: unknown[]) => Promise<unknown>;
    return replacing(wrapped, step, async (host: HostTarget, ...rest: unknown[]) => {
      pass(`before ${step} ${host.name}`);
      const answer = await call(host, ...rest).catch((error: unknown) => {
        if (struck) say(`${step} ${host.name}: ${error instanceof PortError ? error.problem.code : error}`);
        throw error;
      });
      if (struck) say(`${step} ${host.name}: ok`);
      pass(`after ${step} ${host.name}`);
      return answer;
    });
  }, hosts);
}

/** The same port, with one method of ours. */
function replacing<T extends object>(port: T, method: keyof T, ours: unknown): T {
  return new Proxy(port, {
    get: (target, name) => {
      if (name === method) return ours;
      const member: unknown = Reflect.get(target, name);
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
}

const installation = await openInstallation(
  {
    databaseUrl: new Secret(orders.databaseUrl),
    redisUrl: orders.redisUrl === null ? null : new Secret(orders.redisUrl),
    masterKey: new Secret(orders.masterKey),
    masterKeyFile: '',
    // Tests put proxies between a worker and what it probes.
    probeRanges: ['127.0.0.0/8'],
    postgresDir: '',
  },
  {
    info: () => undefined,
    warn: () => undefined,
    error: (fields, message) => process.stderr.write(`${message} ${JSON.stringify(fields)}\n`),
  },
);
const parts = {
  ...installation.parts,
  journal: mortalJournal(installation.parts.journal),
  hosts: mortalHosts(installation.parts.hosts),
};
await startWorker({ ...installation, parts }, 10);
say('ready');
