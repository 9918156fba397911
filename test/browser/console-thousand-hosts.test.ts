import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ReducibleEntry } from '#rotation';
import { bigRotation } from '../bench/console/big-rotation.js';
import { ServedJournal } from '../bench/console/served-journal.js';
import { type BrowserRig, startBrowser } from '../kit/browser.js';
import { barriers, openConsole } from './console-visit.js';

const ROTATION = '11111111-1111-4111-8111-111111111111';
const HOSTS = 1_000;
/** A row of the time line or of the handshakes is some; a thousand hosts are one each. */
const MOST_ELEMENTS = 3_000;

let entries: readonly ReducibleEntry[];
let served: ServedJournal;
let browser: BrowserRig;
let page: Page;

beforeAll(async () => {
  entries = bigRotation(ROTATION, HOSTS);
  served = await ServedJournal.open(ROTATION, entries);
  browser = await startBrowser();
  page = await openConsole(browser, { url: served.origin, key: 'any' }, `/rotations/${ROTATION}`);
});

afterAll(async () => {
  await browser?.stop();
  await served?.stop();
});

const knows = (count: number) =>
  page.getByRole('tab', { name: `Time line (${count})` }).waitFor({ timeout: 150_000 });
const elements = () => page.evaluate<number>("document.querySelectorAll('*').length");
const cells = (label: string) => page.locator(`[role=option][aria-label$="${label}"]`).count();

describe('a rotation of a thousand hosts', () => {
  it('is followed over a connection that breaks, without a gap and without a reload', async () => {
    served.send(9_000);
    await knows(9_000);
    expect(await page.getByRole('listbox').getByRole('option').count()).toBe(HOSTS);
    served.cut();
    served.send(1_000);
    await knows(10_000);
    expect(await barriers(page)).toEqual([]);
  });

  it('says since when it shows what was while nobody answers, and catches up by itself', async () => {
    served.isAway = true;
    served.cut();
    await page.getByText(/not connected for \d+ s: what you see is from then/).waitFor();
    served.send(100);
    served.isAway = false;
    await page.getByText('live').waitFor();
    await knows(10_100);
  });

  it('draws no more of its journal and its handshakes than can be seen', async () => {
    for (const tab of [/Time line/, /Handshakes/, /Hosts/]) {
      await page.getByRole('tab', { name: tab }).click();
      await page.getByRole('tabpanel', { name: tab }).waitFor();
      expect(await elements(), `${tab}`).toBeLessThan(MOST_ELEMENTS);
    }
  });

  it('is chosen from by the arrow keys, host by host and row by row', async () => {
    await page.getByRole('option', { name: /^edge-0000:/ }).focus();
    for (const key of ['ArrowRight', 'ArrowRight', 'ArrowLeft']) await page.keyboard.press(key);
    const chosen = page.getByRole('region', { name: 'Chosen host' });
    await chosen.getByRole('heading', { name: 'edge-0001' }).waitFor();
    await page.keyboard.press('End');
    await chosen.getByRole('heading', { name: 'edge-0999' }).waitFor();
    await page.keyboard.press('ArrowUp');
    expect(await chosen.getByRole('heading', { level: 2 }).innerText()).not.toBe('edge-0999');
  });

  it('ends on the page as it ended', async () => {
    served.send(entries.length);
    await knows(entries.length);
    await page.getByText(`Succeeded at ${entries.at(-1)?.at}: all 1000 hosts`).waitFor();
    await page.getByText('the journal is complete').waitFor();
    expect(await cells(': confirmed, serves new')).toBe(HOSTS);
  });

  it('is shown as it was in its middle', async () => {
    await page.getByRole('tab', { name: /Time line/ }).click();
    await page.getByLabel('Text').fill('edge-0500: switch and reload');
    await page
      .getByRole('button', { name: /Look back to entry/ })
      .last()
      .click();
    await page.getByRole('tab', { name: /Hosts/ }).click();
    await page.getByText(/As it was at entry \d+ of/).waitFor();
    await page.getByRole('option', { name: 'edge-0500: staged, serves unknown' }).waitFor();
    expect(browser.complaints.filter((one) => !one.includes('ERR_'))).toEqual([]);
  });
});
