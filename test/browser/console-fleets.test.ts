import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aBundle, aHostBody, aSampleBody } from '../e2e/bodies.js';
import { recordFleet } from '../e2e/recording.js';
import { type RunningApi, runApi } from '../e2e/running-api.js';
import { type BrowserRig, startBrowser } from '../kit/browser.js';
import { brokenThings, goTo, signIn, tabTo } from './console-visit.js';

let api: RunningApi;
let rig: BrowserRig;
let page: Page;

beforeAll(async () => {
  api = await runApi({ console: true });
  rig = await startBrowser();
  page = await signIn(rig, api, api.adminKey);
});

afterAll(async () => {
  await rig?.stop();
  await api?.stop();
});

const fleetNamed = async (name: string) =>
  (await api.call('GET', '/v1/fleets')).body.items.find((fleet: { name: string }) => fleet.name === name);
const hostsOf = async (fleetId: string) => (await api.call('GET', `/v1/fleets/${fleetId}/hosts`)).body.items;
const field = (name: string) => page.getByRole('textbox', { name, exact: true });
const press = (name: string) => page.getByRole('button', { name, exact: true }).click();

describe('a fleet', () => {
  it('is asked for where there is none, and added with a bundle that is shown before it is sent', async () => {
    await page.getByText('There is no fleet yet').waitFor();
    await page.getByRole('link', { name: 'Add a fleet' }).click();
    await field('Name').fill('edge');
    await field('Bundle of today').fill(await aBundle());
    await page.getByLabel('What is in the bundle').getByText('CN=Recorded client CA').waitFor();
    await page.getByLabel('Address').fill('https://vault.example:8200');
    await field('Role').fill('clients');
    await field('Token').fill('hvs.of-a-test');
    await press('Add the fleet');
    await page.getByRole('heading', { level: 1, name: 'edge' }).waitFor();
    expect(await fleetNamed('edge')).toMatchObject({ soakSeconds: 86_400, issuingCa: { mount: 'pki' } });
  });

  it('that the API refuses has the fault beside its field, and keeps what was typed', async () => {
    await goTo(page, api, '/fleets/new', 'Add a fleet');
    await field('Name').fill('Not A Name');
    await field('Bundle of today').fill(await aBundle());
    await press('Add the fleet');
    await page.getByRole('alert').getByText('Next:').waitFor();
    const name = field('Name');
    expect(await name.getAttribute('aria-invalid')).toBe('true');
    expect(await field('Role').getAttribute('aria-invalid')).toBe('true');
    expect(await name.inputValue()).toBe('Not A Name');
  });

  it('whose bundle holds a private key is not sent', async () => {
    const { privateKey } = await aSampleBody();
    await field('Bundle of today').fill(`${await aBundle()}\n${privateKey}`);
    await page.getByText('There is a private key in it').waitFor();
    const sent: string[] = [];
    page.on('request', (request) => void sent.push(request.method()));
    expect(await page.getByRole('button', { name: 'Add the fleet' }).isDisabled()).toBe(true);
    await field('Name').press('Enter');
    expect(sent).not.toContain('POST');
  });
});

describe('the hosts of a fleet', () => {
  let fleetId: string;

  beforeAll(async () => {
    fleetId = await recordFleet(api, 0, { name: 'hosted' });
    await goTo(page, api, `/fleets/${fleetId}`, 'hosted');
    await page.getByText('This fleet has no host yet').waitFor();
  });

  it('are added one by one', async () => {
    const { name, address, hostKey, privateKey } = aHostBody();
    await press('Add a host');
    const dialog = page.getByRole('dialog');
    await field('Host name').fill(name);
    await field('Address').fill(address);
    await field('Private key').fill(String(privateKey));
    await field('Host key').fill(String(hostKey));
    await field('Managed paths').fill('/etc/nginx/trust/client-ca.pem');
    await field('Listeners').fill('8443 edge.test');
    await dialog.getByRole('button', { name: 'Add the host' }).click();
    await page.getByRole('button', { name, exact: true }).waitFor();
    expect(await hostsOf(fleetId)).toMatchObject([{ name, probeTargets: [{ address, port: 8443 }] }]);
  });

  it('are added by a table, all of them or none', async () => {
    const [first, second, third] = [aHostBody(), aHostBody(), aHostBody()];
    const rows = [first, second, third].map((host) => `${host.name},${host.address},${host.hostKey},8443`);
    await press('Add many');
    const dialog = page.getByRole('dialog');
    const table = dialog.getByLabel('Hosts, as CSV or JSON');
    await table.fill(`name,address,hostKey,listeners\n${rows.join('\n')}\n,10.0.0.1,,8443`);
    await dialog.getByText('Line 5: the name is missing.').waitFor();
    await table.fill(`name,address,hostKey,listeners\n${rows.join('\n')}`);
    await field('Private key').fill(String(first.privateKey));
    await dialog.getByRole('button', { name: 'Add 3 hosts' }).click();
    await page.getByText('4 hosts', { exact: true }).waitFor();
    expect(await hostsOf(fleetId)).toHaveLength(4);
  });

  it('are found, looked at and removed', async () => {
    const [{ name }] = await hostsOf(fleetId);
    await page.getByLabel('Search hosts').fill(name);
    await page.getByText('1 of 4 hosts').waitFor();
    await page.getByRole('button', { name, exact: true }).click();
    await page.getByText('As it is recorded').waitFor();
    await press('Remove the host');
    await page
      .getByRole('dialog', { name: `Remove ${name}?` })
      .getByRole('button', { name: 'Remove the host' })
      .click();
    await page.getByText('0 of 3 hosts').waitFor();
    expect(await hostsOf(fleetId)).toHaveLength(3);
  });

  it('that cannot be asked are named by a check for drift, with what to do', async () => {
    await press('Check drift now');
    await page.getByText('3 of 3 hosts are not in sync').waitFor();
    await page
      .getByText(/host-\d+, unknown: .*Next: /)
      .first()
      .waitFor();
    await page.getByText('3 unknown').waitFor();
  });

  it('stay beside its sample clients', async () => {
    const { name, certificatePem } = await aSampleBody();
    await page.getByRole('tab', { name: 'Sample clients' }).click();
    await press('Add a sample client');
    await field('Client name').fill(name);
    await field('Certificate').fill(String(certificatePem));
    await press('Add the sample');
    await page.getByRole('cell', { name: name, exact: true }).waitFor();
    await press(`Remove ${name}`);
    await press('Remove the sample');
    await page.getByText('No sample client yet').waitFor();
  });
});

describe('a schedule', () => {
  it('is added with a look at its next times, paused, and removed', async () => {
    await goTo(page, api, '/schedules', 'Schedules');
    await press('Add a schedule');
    await field('Pattern').fill('0 0 31 2 *');
    await page.getByText('The pattern names no time').waitFor();
    await field('Pattern').fill('0 2 * * *');
    expect(await page.getByRole('dialog').getByRole('listitem').count()).toBe(5);
    await press('Add the schedule');
    await press('rotates with 30 days left of the CA');
    await page.getByText('Rotates when the issuing CA has at most 30 whole days left').waitFor();
    await press('Pause');
    await page.getByRole('button', { name: 'Resume', exact: true }).waitFor();
    const schedules = async () => (await api.call('GET', '/v1/schedules')).body.items;
    expect(await schedules()).toMatchObject([{ enabled: false, rotateWhenDaysLeft: 30 }]);
    await press('Remove');
    await press('Remove the schedule');
    await page.getByText('Nothing happens by itself yet').waitFor();
    expect(await schedules()).toEqual([]);
  });

  it('that somebody else changed meanwhile is not changed by who has not seen that', async () => {
    const { id: fleetId } = await fleetNamed('edge');
    const path = `/v1/fleets/${fleetId}/schedules`;
    const { id } = (await api.call('POST', path, { body: { kind: 'drift', cron: '0 4 * * *' } })).body;
    await page.reload();
    await press('looks for drift');
    await page.getByText('It looks next, in UTC').waitFor();
    // The page looks again by itself; here it is held back so that the other comes first.
    await page.route('**/v1/fleets/*/schedules/*', async (route) => {
      if (route.request().method() === 'GET') await route.abort();
      else await route.continue();
    });
    expect((await api.call('PATCH', `${path}/${id}`, { body: { cron: '0 5 * * *' } })).status).toBe(200);
    await press('Pause');
    await page.getByText('It was changed since it was read').waitFor();
    expect((await api.call('GET', `${path}/${id}`)).body.enabled).toBe(true);
    await page.unrouteAll();
  });
});

describe('an API key, by the keyboard alone,', () => {
  it('is made, shown once, and revoked', async () => {
    await goTo(page, api, '/', 'Fleets');
    await tabTo(page, 'API keys');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'API keys' }).waitFor();
    await tabTo(page, 'Make a key');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.type('night shift');
    await tabTo(page, 'viewer');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    const key = await page.getByLabel('key', { exact: true }).textContent();
    expect(key).toMatch(/^wl_[\w-]{43}$/);
    expect((await api.call('GET', '/v1/self', { key })).body).toMatchObject({ role: 'operator' });
    await tabTo(page, 'I have it');
    await page.keyboard.press('Enter');
    expect(await page.getByText(String(key)).count()).toBe(0);
    await tabTo(page, 'Revoke night shift');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    await tabTo(page, 'Revoke the key');
    await page.keyboard.press('Enter');
    await page.getByRole('row', { name: /night shift.*revoked/ }).waitFor();
    expect((await api.call('GET', '/v1/self', { key })).status).toBe(401);
  });
});

describe('a webhook', () => {
  it('is added with a secret that is shown once, tried, and removed', async () => {
    await goTo(page, api, '/webhooks', 'Webhooks');
    await press('Add a webhook');
    await field('URL').fill('http://not-secure.example');
    await press('Add the webhook');
    await page.getByRole('alert').getByText(/https/).first().waitFor();
    await field('URL').fill('https://hooks.example/windlass');
    await press('Add the webhook');
    const secret = String(
      await page.getByLabel('secret that deliveries are signed with', { exact: true }).textContent(),
    );
    expect(secret).toMatch(/^whsec_/);
    await press('I have it');
    expect(await page.getByText(secret).count()).toBe(0);
    await press('https://hooks.example/windlass');
    await press('Send a test');
    await page.getByRole('cell', { name: 'webhook.test', exact: true }).waitFor();
    await press('Remove');
    await press('Remove the webhook');
    await page.getByText('Nobody is told yet').waitFor();
    expect((await api.call('GET', '/v1/webhooks')).body.items).toEqual([]);
  });
});

describe('the audit log', () => {
  it('has all of it, newest first, is filtered, and comes as a file', async () => {
    await goTo(page, api, '/audit', 'Audit');
    await page.getByText('entries, newest first').waitFor();
    await field('What').fill('createFleet');
    await page
      .getByRole('row', { name: /createFleet/ })
      .first()
      .waitFor();
    await page.getByText('revokeApiKey').waitFor({ state: 'detached' });
    const downloading = page.waitForEvent('download');
    await press('Export as JSONL');
    const lines = (await readFile(await (await downloading).path(), 'utf8')).trim().split('\n');
    const entries = lines.map((line) => JSON.parse(line));
    expect(entries.filter(({ operation }) => operation === 'createFleet').length).toBeGreaterThan(1);
  });
});

it('no page threw, or asked for something that its policy forbids', () => {
  expect(brokenThings(rig)).toEqual([]);
});
