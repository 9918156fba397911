import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import type { HostToken } from '#engine';
import { SshHostGateway } from '#host';
import { digestOf } from '#trust';
import { GIVEN_UP_AND_BACK, type Incident } from './incident.js';
import { bundleDigest, type RunbookFleet } from './runbook-fleet.js';
import { Instead } from './strikes.js';

const LONG_MS = 600_000;
const PATIENCE = { timeout: 60_000, interval: 100 };

const stateFile = ({ fleetId }: RunbookFleet) => `var/lib/windlass/${fleetId}/state`;
const lastStep = (on: RunbookFleet) =>
  on.host
    .readFile(stateFile(on))
    .match(/(?<=^step )\w+$/gm)
    ?.at(-1);
const untilStep = (on: RunbookFleet, step: string) => expect.poll(() => lastStep(on), PATIENCE).toBe(step);

/** Somebody else who drives the host. */
class Other {
  private gateway = new SshHostGateway();

  /** Stages a bundle of its own, with `over` in place of the token that the host knows. */
  async stages(on: RunbookFleet, over: Partial<HostToken>): Promise<() => Promise<unknown>> {
    const host = await on.hostTarget();
    const { transaction, files } = await this.gateway.observe(host);
    if (transaction === null) throw new Error('nobody has ever driven the host');
    const token = { ...transaction.token, ...over };
    const content = `${on.host.readFile(`.${on.host.managedPath}`)}# of somebody else\n`;
    const digest = digestOf(content);
    const from = files[0]?.digest ?? '';
    await this.gateway.stage(host, token, from, { digest, content }, LONG_MS);
    return () => this.gateway.commit(host, { ...token, serial: token.serial + 1 }, from, digest, 10_000);
  }

  async stops(): Promise<void> {
    await this.gateway.close();
    this.gateway = new SshHostGateway();
  }
}

const other = new Other();
const stops = () => other.stops();

/** The time of a switched host is up before anybody comes. */
async function goHome(on: RunbookFleet): Promise<void> {
  on.host.exec(`printf '\\nalso\\ndeadline 1\\nend\\n' >> /${stateFile(on)}`);
  await untilStep(on, 'returned');
}

export const INCIDENTS: readonly Incident[] = [
  {
    ...{ code: 'host.not-armed', when: 'the worker comes too late, and again', moment: 'confirm' },
    strike: async (on) => {
      on.strikes.before('confirm', on.host.name, () => goHome(on));
      await goHome(on);
    },
  },
  {
    ...{ code: 'host.still-armed', when: 'a host program says so', moment: 'confirm' },
    strike: ({ host }) => new Instead({ digest: bundleDigest(host), armedForMs: 1_000 }),
  },
  {
    ...{ code: 'host.vote-expired', when: 'the worker sleeps between vote and switch', moment: 'distrust' },
    strike: (on) => {
      for (let times = 0; times < 3; times += 1) {
        on.strikes.before('stage', on.host.name, (asked) => void asked.splice(4, 1, 300));
        on.strikes.before('commit', on.host.name, () => untilStep(on, 'discarded'));
      }
    },
  },
  {
    ...{ code: 'host.stale-token', when: 'another installation is at it', moment: 'distrust' },
    strike: (on) => other.stages(on, { installation: randomUUID(), rotation: randomUUID() }),
    mend: stops,
  },
  {
    ...{ code: 'host.unfinished-switch', when: 'a worker that was given up on switches', moment: 'distrust' },
    strike: async (on) => {
      const commits = await other.stages(on, { term: 1_000 });
      await commits();
      await stops();
    },
    mend: ({ on }) => untilStep(on, 'returned'),
  },
  {
    ...{ code: 'host.foreign-rotation', when: 'a copy of the database is faster', moment: 'distrust' },
    strike: (on) =>
      on.strikes.before('stage', on.host.name, async ([, token]) => {
        const { epoch } = token as HostToken;
        await other.stages(on, { epoch, rotation: randomUUID() });
      }),
    mend: stops,
    ...GIVEN_UP_AND_BACK,
  },
  {
    ...{ code: 'host.newer-rotation', when: 'the database was restored from a backup', moment: 'distrust' },
    strike: async (on) => {
      await other.stages(on, { epoch: 1_000, rotation: randomUUID() });
      await stops();
    },
    ...GIVEN_UP_AND_BACK,
  },
  {
    ...{ code: 'host.left-fleet', when: 'somebody edits the database', moment: 'revert' },
    strike: async ({ served, host }) => {
      await served.api.installation.dataSource.query('DELETE FROM hosts WHERE name = $1', [host.name]);
      // What was read of the fleet half a second ago is believed.
      await sleep(600);
    },
  },
];
