import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { statusOf } from '#rotation';
import { PlayedWorker } from '../e2e/played-worker.js';
import { ANY_STATE, recordFleet, requestRotation } from '../e2e/recording.js';
import { type RunningApi, runApi } from '../e2e/running-api.js';
import { type BrowserRig, startBrowser } from '../kit/browser.js';
import { openConsole } from './console-visit.js';
import { lookAt, showsStatus } from './rotation-page.js';

let api: RunningApi;
let browser: BrowserRig;
let id: string;
let worker: PlayedWorker;
let page: Page;

beforeAll(async () => {
  api = await runApi({ console: true });
  browser = await startBrowser();
});

afterAll(async () => {
  await browser?.stop();
  await api?.stop();
});

beforeEach(async () => {
  id = await requestRotation(api, await recordFleet(api, 3));
  worker = new PlayedWorker(api.installation, id);
  page = await visit(api.adminKey);
});

afterEach(() => page?.context().close());

const visit = (key: string) => openConsole(browser, { url: api.url, key }, `/rotations/${id}`);
const button = (name: string) => page.getByRole('button', { name, exact: true });
const order = (name: string) => page.getByRole('dialog').getByRole('button', { name, exact: true });
const rotation = async () => (await api.call('GET', `/v1/rotations/${id}`)).body;

async function give(verb: string, reason: string): Promise<void> {
  await button(verb).click();
  expect(await order(verb).isDisabled()).toBe(true);
  await page.getByRole('dialog').getByLabel('Reason').fill(reason);
  await order(verb).click();
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
}

describe('what can be asked of a rotation on its page', () => {
  it('is a pause with a reason, and then a resume', async () => {
    await give('Pause', 'the window is over');
    await showsStatus(page, 'paused');
    await page.getByTestId('explanation').getByText('the window is over').waitFor();
    await button('Resume').click();
    await order('Resume').click();
    await button('Pause').waitFor();
    expect((await rotation()).paused).toBeNull();
  });

  it('is the way back, in words that say what it does, until the fleet decided', async () => {
    await worker.play(({ decisions }) => decisions.has('go/expand.1/0'));
    await page.locator('[aria-current=step]', { hasText: 'expand' }).waitFor();
    await button('Abort').click();
    await page.getByText(/gets its old bundle back, byte for byte/).waitFor();
    await lookAt(page, 'rotation-abort');
    await order('Leave it').click();
    await give('Abort', 'another day');
    await worker.play(() => false);
    await showsStatus(page, 'reverted');
    expect(await button('Abort').count()).toBe(0);
  });

  it('is decided on what was seen: what changed meanwhile is looked at again first', async () => {
    await button('Pause').click();
    await page.getByRole('dialog').getByLabel('Reason').fill('tea');
    await worker.play(({ phase }) => phase === 'stage');
    await order('Pause').click();
    await page.getByText('It changed meanwhile').waitFor();
    expect((await rotation()).paused).toBeNull();
    await page.locator('[aria-current=step]', { hasText: 'stage' }).waitFor();
    await page.getByRole('button', { name: 'Look again' }).click();
    await order('Pause').click();
    await showsStatus(page, 'paused');
  });

  it('is to try again, or to give a host up that everybody waits for', async () => {
    const [, host] = (await rotation()).hosts;
    worker.fails = (effect) => effect.id === `expand.1/host.confirm/${host.hostId}`;
    await worker.play((state) => statusOf(state) === 'blocked');
    await page.getByText(`Blocked on ${host.name}`).waitFor();
    await button('Try again now').waitFor();
    await lookAt(page, 'rotation-blocked');
    await page.getByRole('option', { name: new RegExp(`^${host.name}: .*failed`) }).click();
    await page.getByRole('region', { name: 'Chosen host' }).getByText('Next: Look at it.').waitFor();
    const giveUp = `Give ${host.name} up`;
    await page.getByRole('region', { name: 'Chosen host' }).getByRole('button', { name: giveUp }).click();
    await page.getByRole('dialog').getByLabel('Reason').fill('it burnt down');
    await order(giveUp).click();
    await page.getByRole('option', { name: `${host.name}: decommissioned` }).waitFor();
    expect((await rotation()).decommissioned[0]).toMatchObject({ because: 'it burnt down' });
  });

  it('is nothing for a viewer, who sees all of it', async () => {
    const { key } = (await api.call('POST', '/v1/api-keys', { body: { role: 'viewer', label: 'vic' } })).body;
    const vic = await visit(key);
    await vic.getByRole('tab', { name: 'Hosts (3)' }).waitFor();
    await vic.getByText('live').waitFor();
    for (const name of ['Pause', 'Abort']) expect(await vic.getByRole('button', { name }).count()).toBe(0);
    await api.call('POST', `/v1/rotations/${id}:pause`, { headers: ANY_STATE, body: { reason: 'lunch' } });
    await showsStatus(vic, 'paused');
    expect(await vic.getByRole('button', { name: 'Resume' }).count()).toBe(0);
  });

  it('is nothing where there is no such rotation, which is said', async () => {
    await page.goto(`${api.url}/console/rotations/00000000-0000-4000-8000-000000000000`);
    await page.getByText('This rotation cannot be shown').waitFor();
    await page.getByText(/There is no rotation/).waitFor();
  });
});
