import { PortError } from '#engine';
import { freePort } from '#kit';
import { openDataSource } from '#persistence';
import type { Incident, Scene } from './incident.js';
import type { RunbookFleet } from './runbook-fleet.js';

/** Undoes the strike. */
let mendIt: () => void = () => undefined;
const mend = (_scene: Scene) => mendIt();

/** One step fails, and from then on what the next one asks the database first, by a PostgreSQL that really says so. */
function databaseFails({ served, strikes, host }: RunbookFleet, change: (url: URL) => unknown): void {
  const { fleets } = served.api.installation.parts;
  strikes.before('stage', host.name, async () => {
    const read = fleets.fleet.bind(fleets);
    const url = new URL(served.api.databaseUrl);
    await change(url);
    fleets.fleet = async (id) => {
      await (await openDataSource(url.href)).destroy();
      return read(id);
    };
    mendIt = () => {
      fleets.fleet = read;
    };
    throw new PortError(
      { code: 'host.busy', message: 'the first try', nextStep: 'none' },
      { transient: true },
    );
  });
}

export const INCIDENTS: readonly Incident[] = [
  {
    ...{ code: 'windlass.defect', when: 'a step fails as nobody expected', moment: 'distrust' },
    strike: ({ strikes, host }) => {
      for (let times = 0; times < 3; times += 1) {
        strikes.before('stage', host.name, () => {
          throw new TypeError('undefined is not a host');
        });
      }
    },
  },
  {
    ...{ code: 'database.unreachable', when: 'nobody answers there', moment: 'distrust', mend },
    strike: (on) =>
      databaseFails(on, async (url) => {
        url.port = String(await freePort());
      }),
  },
  {
    ...{ code: 'database.missing', when: 'it was renamed', moment: 'distrust', mend },
    strike: (on) =>
      databaseFails(on, (url) => {
        url.pathname = '/renamed';
      }),
  },
  {
    ...{ code: 'database.denied', when: 'its user was dropped', moment: 'distrust', mend },
    strike: (on) =>
      databaseFails(on, (url) => {
        url.username = 'dropped';
      }),
  },
];
