import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aHostBody } from '../e2e/bodies.js';
import { recordFleet, requestRotation } from '../e2e/recording.js';
import { type RunningApi, runApi } from '../e2e/running-api.js';
import { type BrowserRig, screenshot, startBrowser, WIDTHS } from '../kit/browser.js';
import { makeCa } from '../kit/pki.js';
import { barriers, brokenThings, goTo, settled, signIn } from './console-visit.js';

const DAY_MS = 86_400_000;
const MANY_HOSTS = 1_000;

let api: RunningApi;
let rig: BrowserRig;
let edge: string;

beforeAll(async () => {
  api = await runApi({ console: true });
  rig = await startBrowser();
  edge = await recordFleet(api, 0, {
    name: 'edge',
    bundlePem: await bundleEnding(400, 25),
    revocation: 'none',
  });
  await enrolMany(edge);
  await look(edge);
  await recordFleet(api, 2, { name: 'partners', bundlePem: await bundleEnding(3) });
  await recordFleet(api, 1, { name: 'fine', bundlePem: await bundleEnding(200) });
  await requestRotation(
    api,
    await recordFleet(api, 1, { name: 'turning', bundlePem: await bundleEnding(90) }),
  );
  const windows = [{ days: ['sat', 'sun'], from: '22:00', to: '04:00' }];
  const schedule = { rotateWhenDaysLeft: 7, cron: '0 2 * * *', timeZone: 'Europe/Berlin', windows };
  await post(`/v1/fleets/${edge}/schedules`, schedule);
  await post(`/v1/fleets/${edge}/schedules`, { kind: 'drift', repair: true, cron: '*/10 * * * *' });
  await post('/v1/api-keys', { role: 'viewer', label: 'wall screen', fleetIds: [edge] });
});

afterAll(async () => {
  await rig?.stop();
  await api?.stop();
});

async function post(path: string, body: object) {
  const reply = await api.call('POST', path, { body });
  if (reply.status !== 201) throw new Error(reply.text);
  return reply.body;
}

async function bundleEnding(...days: readonly number[]): Promise<string> {
  const roots = days.map((count) =>
    makeCa({ commonName: `Client CA ${count}`, notAfter: Date.now() + count * DAY_MS }),
  );
  return (await Promise.all(roots)).map(({ certificatePem }) => certificatePem).join('');
}

/** One pair of keys for all: what they look like is the same. */
async function enrolMany(fleetId: string): Promise<void> {
  const { hostKey, privateKey } = aHostBody();
  const hosts = Array.from({ length: MANY_HOSTS }, (_, index) => {
    const address = `127.88.${index >> 8}.${index & 255}`;
    const probeTargets = [{ address, port: 8443, serverName: 'edge.test', path: '/' }];
    return aHostBodyLike({ name: `edge-${index + 1}`, address, hostKey, privateKey, probeTargets });
  });
  await post(`/v1/fleets/${fleetId}/hosts`, { hosts });
}

function aHostBodyLike(over: object) {
  return { port: 22, user: 'root', managedPaths: ['/etc/nginx/trust/client-ca.pem'], ...over };
}

/** As if a check for drift had found most in sync, some drifted, and some silent. */
async function look(fleetId: string): Promise<void> {
  const { observations, fleets } = api.installation.parts;
  const { hosts } = await fleets.fleet(fleetId);
  const { generation } = (await api.call('GET', `/v1/fleets/${fleetId}`)).body;
  const problem = {
    code: 'host.drifted',
    message: 'Its file is not as recorded.',
    nextStep: 'Find out who edits it.',
  };
  const seen = hosts.map(({ id, name }, index) => {
    const state = index % 97 === 0 ? 'drifted' : index % 211 === 1 ? 'unknown' : 'in-sync';
    const digest = state === 'drifted' ? '0'.repeat(64) : generation.digest;
    return {
      ...{ hostId: id, host: name, state: state as 'in-sync' },
      problems: state === 'in-sync' ? [] : [problem],
      files: state === 'unknown' ? [] : [{ path: '/etc/nginx/trust/client-ca.pem', digest }],
      listeners: state === 'unknown' ? [] : [{ listener: `${name}:8443`, serves: state === 'in-sync' }],
    };
  });
  await observations.keep({ fleetId, generationId: generation.id, at: Date.now(), hosts: seen });
}

interface Sight {
  readonly name: string;
  readonly path: () => string;
  readonly heading: string;
  /** What must be there before it is looked at. */
  readonly shows: (page: Page) => Promise<unknown>;
}

const text = (words: string) => (page: Page) => page.getByText(words).first().waitFor();
const opened = (button: string) => (page: Page) =>
  page
    .getByRole('button', { name: button, exact: true })
    .first()
    .click()
    .then(() => page.getByRole('dialog').waitFor());
const fleet = (section: string) => () => `/fleets/${edge}#${section}`;

const SIGHTS: readonly Sight[] = [
  { name: 'fleets', path: () => '/', heading: 'Fleets', shows: text('partners') },
  { name: 'new-fleet', path: () => '/fleets/new', heading: 'Add a fleet', shows: text('Generation marker') },
  { name: 'fleet-hosts', path: fleet('hosts'), heading: 'edge', shows: text('1000 hosts') },
  { name: 'fleet-trust', path: fleet('trust'), heading: 'edge', shows: text('served') },
  { name: 'fleet-samples', path: fleet('samples'), heading: 'edge', shows: text('No sample client yet') },
  { name: 'fleet-clients', path: fleet('clients'), heading: 'edge', shows: text('do not say') },
  { name: 'fleet-schedules', path: fleet('schedules'), heading: 'edge', shows: text('looks for drift') },
  { name: 'fleet-rotations', path: fleet('rotations'), heading: 'edge', shows: text('never rotated') },
  { name: 'host', path: fleet('hosts'), heading: 'edge', shows: opened('edge-1') },
  { name: 'add-host', path: fleet('hosts'), heading: 'edge', shows: opened('Add a host') },
  { name: 'add-hosts', path: fleet('hosts'), heading: 'edge', shows: opened('Add many') },
  { name: 'add-sample', path: fleet('samples'), heading: 'edge', shows: opened('Add a sample client') },
  { name: 'schedules', path: () => '/schedules', heading: 'Schedules', shows: text('looks for drift') },
  { name: 'add-schedule', path: () => '/schedules', heading: 'Schedules', shows: opened('Add a schedule') },
  {
    ...{ name: 'schedule', path: () => '/schedules', heading: 'Schedules' },
    shows: async (page) => {
      await opened('rotates with 7 days left of the CA')(page);
      await text('Rotates when')(page);
    },
  },
  {
    name: 'expiry',
    path: () => '/expiry',
    heading: 'Expiry',
    shows: (page) => page.getByRole('cell', { name: 'CN=Client CA 3', exact: true }).waitFor(),
  },
  { name: 'audit', path: () => '/audit', heading: 'Audit', shows: text('createApiKey') },
  { name: 'keys', path: () => '/keys', heading: 'API keys', shows: text('wall screen') },
  { name: 'new-key', path: () => '/keys', heading: 'API keys', shows: opened('Make a key') },
  { name: 'revoke-key', path: () => '/keys', heading: 'API keys', shows: opened('Revoke wall screen') },
  { name: 'webhooks', path: () => '/webhooks', heading: 'Webhooks', shows: text('Nobody is told yet') },
  { name: 'add-webhook', path: () => '/webhooks', heading: 'Webhooks', shows: opened('Add a webhook') },
];

/** Two colours of each page, with axe-core in both. */
const LONG = 900_000;

describe('every page, light and dark,', () => {
  it.each([...WIDTHS])(
    'is open to everybody and within its edges at %i pixels',
    async (width) => {
      const page = await signIn(rig, api, api.adminKey, { width });
      const found: Record<string, unknown> = {};
      for (const { name, path, heading, shows } of SIGHTS) {
        await goTo(page, api, path(), heading);
        await shows(page);
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme });
          await settled(page);
          await screenshot(page, `fleets-${name}-${width}-${colorScheme}`);
          const inTheWay = await barriers(page);
          const beyond = await page.evaluate<number>(BEYOND);
          if (inTheWay.length > 0 || beyond > 0) found[`${name} ${colorScheme}`] = { inTheWay, beyond };
        }
      }
      expect(found).toEqual({});
    },
    LONG,
  );
});

/** How many pixels of the page lie to the right of the window. */
const BEYOND = 'document.documentElement.scrollWidth - window.innerWidth';

describe('a thousand hosts', () => {
  it('are all there, while only those in view are drawn', async () => {
    const page = await signIn(rig, api, api.adminKey);
    await goTo(page, api, `/fleets/${edge}`, 'edge');
    await page.getByText('1000 hosts').waitFor();
    const table = page.getByRole('region', { name: 'Hosts' });
    expect(await table.getByRole('table').getAttribute('aria-rowcount')).toBe('1001');
    expect(await table.getByRole('row').count()).toBeLessThan(100);
    await table.evaluate((element) => element.scrollTo(0, element.scrollHeight));
    await table.getByRole('button', { name: 'edge-1000', exact: true }).waitFor();
    expect(await table.getByRole('row').count()).toBeLessThan(100);
    await page.getByText('≠ drifted 11', { exact: true }).click();
    await page.getByText('11 of 1000 hosts').waitFor();
  });
});

it('no page threw, or asked for something that its policy forbids', () => {
  expect(brokenThings(rig)).toEqual([]);
});
