import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recordFleet } from '../e2e/recording.js';
import { type RunningApi, runApi } from '../e2e/running-api.js';
import { type BrowserRig, startBrowser } from '../kit/browser.js';
import { brokenThings, goTo, signIn } from './console-visit.js';

let api: RunningApi;
let rig: BrowserRig;
let fleetId: string;

beforeAll(async () => {
  api = await runApi({ console: true });
  rig = await startBrowser();
  fleetId = await recordFleet(api, 1, { name: 'edge' });
});

afterAll(async () => {
  await rig?.stop();
  await api?.stop();
});

async function keyOf(role: 'viewer' | 'operator' | 'approver' | 'admin', label: string, fleetIds?: string[]) {
  const reply = await api.call('POST', '/v1/api-keys', { body: { role, label, fleetIds: fleetIds ?? null } });
  if (reply.status !== 201) throw new Error(reply.text);
  return reply.body as { id: string; key: string };
}

describe('the door', () => {
  it('says why a wrong key does not open it, and opens to a right one', async () => {
    const page = await rig.open(`${api.url}/console/`);
    await page.getByRole('textbox', { name: 'API key', exact: true }).fill('wl_not-a-key');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('alert').getByText('Next:').waitFor();
    await page.getByRole('textbox', { name: 'API key', exact: true }).fill(api.adminKey);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('link', { name: 'edge' }).waitFor();
  });

  it('stays open over a reload, also of a page deep inside, and is shut by signing out', async () => {
    const { key } = await keyOf('viewer', 'who signs out');
    const page = await signIn(rig, api, key);
    await goTo(page, api, `/fleets/${fleetId}`, 'edge');
    await page.reload();
    await page.getByRole('heading', { level: 1, name: 'edge' }).waitFor();
    await page.getByRole('button', { name: 'who signs out' }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.getByRole('textbox', { name: 'API key', exact: true }).waitFor();
    expect(await page.evaluate('JSON.stringify({ ...sessionStorage, ...localStorage })')).not.toContain(key);
    await page.reload();
    await page.getByRole('textbox', { name: 'API key', exact: true }).waitFor();
  });

  it('is where somebody is led whose key is revoked, with the reason', async () => {
    const { id, key } = await keyOf('viewer', 'leaver');
    const page = await signIn(rig, api, key);
    expect((await api.call('DELETE', `/v1/api-keys/${id}`)).status).toBe(204);
    await page.getByText('it was revoked, or it ended').waitFor();
    await page.getByRole('textbox', { name: 'API key', exact: true }).waitFor();
  });

  it('is there too for whom a rotation was shown, which asks for nothing but its journal', async () => {
    const { id, key } = await keyOf('viewer', 'who looks on');
    const body = { fleetId: await recordFleet(api, 1, { name: 'watched' }), strategy: 'sync' };
    const started = await api.call('POST', '/v1/rotations', { body });
    expect(started.status, started.text).toBe(202);
    const page = await signIn(rig, api, key);
    await goTo(page, api, `/rotations/${started.body.id}`, 'watched: sync');
    await page.getByText('● live').waitFor();
    expect((await api.call('DELETE', `/v1/api-keys/${id}`)).status).toBe(204);
    (api.app.getHttpServer() as Server).closeAllConnections();
    await page.getByText('it was revoked, or it ended').waitFor();
  });

  it('does not shut while the API has lost its database', async () => {
    const page = await signIn(rig, api, api.adminKey);
    const away = {
      status: 503,
      code: 'server.unavailable',
      title: 'Away',
      detail: 'Away.',
      nextAction: 'Wait.',
    };
    let asked = 0;
    await page.route('**/v1/self', async (route) => {
      asked += 1;
      if (asked > 1) return route.continue();
      await route.fulfill({ ...{ status: 503, contentType: 'application/problem+json' }, json: away });
    });
    await page.reload();
    await page.getByRole('link', { name: 'edge' }).waitFor();
    expect(asked).toBeGreaterThan(1);
  });

  it.each(['/sandbox', '/sandbox/'])('is not asked about at %s, not even with a key', async (path) => {
    const page = await signIn(rig, api, api.adminKey);
    await page.goto('about:blank');
    const asked: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await page.goto(`${api.url}/console${path}`);
    await page.getByRole('link', { name: 'Back to the fleets' }).waitFor();
    await page.waitForLoadState('networkidle');
    expect(asked.filter((where) => !where.startsWith('/console/'))).toEqual([]);
    await page.getByRole('link', { name: 'Back to the fleets' }).click();
    await page.getByRole('link', { name: 'edge' }).waitFor();
  });
});

describe('what a role may not do is not offered:', () => {
  const offered = async (page: Page) => ({
    pages: await page.getByRole('navigation').getByRole('link').allTextContents(),
    adds: await page.getByRole('link', { name: 'Add a fleet' }).count(),
  });
  const EVERYBODY = ['Fleets', 'Rotations', 'Schedules', 'Expiry'];

  it.each([
    ['viewer', false, [...EVERYBODY, 'Webhooks', 'Sandbox'], 0, 0],
    ['operator', false, [...EVERYBODY, 'Webhooks', 'Sandbox'], 1, 1],
    ['approver', false, [...EVERYBODY, 'Audit', 'Webhooks', 'Sandbox'], 0, 0],
    ['admin', false, [...EVERYBODY, 'Audit', 'API keys', 'Webhooks', 'Sandbox'], 1, 1],
    ['admin', true, [...EVERYBODY, 'Sandbox'], 0, 1],
  ] as const)(
    'to a key of the role %s, confined: %s',
    async (role, confined, pages, addsFleets, addsHosts) => {
      const { key } = await keyOf(role, `${role} ${confined}`, confined ? [fleetId] : undefined);
      const page = await signIn(rig, api, key);
      await page.getByRole('link', { name: 'edge' }).waitFor();
      expect(await offered(page)).toEqual({ pages, adds: addsFleets });
      await goTo(page, api, `/fleets/${fleetId}`, 'edge');
      await page.getByText('1 host', { exact: true }).waitFor();
      expect(await page.getByRole('button', { name: 'Add a host' }).count()).toBe(addsHosts);
    },
  );

  it('who comes by address is told whose page it is', async () => {
    const page = await signIn(rig, api, (await keyOf('viewer', 'who guesses')).key);
    for (const [path, heading] of [
      ['/keys', 'API keys'],
      ['/audit', 'Audit'],
      ['/fleets/new', 'Add a fleet'],
    ] as const) {
      await goTo(page, api, path, heading);
      await page.getByText('Your key does not open this').waitFor();
    }
  });
});

it('a fleet that there is not is said under a heading, with what to do', async () => {
  const page = await signIn(rig, api, api.adminKey);
  await goTo(page, api, '/fleets/0193a1c0-7b3e-7000-8000-000000000000', 'Fleet');
  await page.getByRole('alert').getByText('Next:').waitFor();
});

describe('an API that is gone', () => {
  it('is said, with since when, while what was seen stays; and no more once it is back', async () => {
    const page = await signIn(rig, api, api.adminKey);
    await page.getByRole('link', { name: 'edge' }).waitFor();
    const server = api.app.getHttpServer() as Server;
    const { port } = server.address() as AddressInfo;
    const banner = page.getByText('The API does not answer');
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
    await banner.waitFor();
    await page.getByText('It answered last').waitFor();
    expect(await page.getByRole('link', { name: 'edge' }).count()).toBe(1);
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    await banner.waitFor({ state: 'detached' });
    expect(await page.getByRole('link', { name: 'edge' }).count()).toBe(1);
  });
});

it('no page threw, or asked for something that its policy forbids', () => {
  expect(brokenThings(rig)).toEqual([]);
});
