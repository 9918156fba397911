import axe, { type AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { type BrowserRig, screenshot, WIDTHS } from '../kit/browser.js';

type Sight = NonNullable<Parameters<BrowserRig['open']>[1]>;

/** The console at `path`, behind its door. */
export async function openConsole(
  rig: BrowserRig,
  { url, key }: { readonly url: string; readonly key: string },
  path: string,
  sight: Sight = {},
): Promise<Page> {
  const page = await rig.open(`${url}/console${path}`, sight);
  await page.getByRole('textbox', { name: 'API key', exact: true }).fill(key);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('banner').waitFor();
  return page;
}

/** Nothing serious or critical keeps people out of the page as it is now. */
export async function expectNoBarrier(page: Page): Promise<void> {
  // A script that is evaluated so is no script of the page, and its policy is not asked.
  await page.evaluate(axe.source);
  const found = await page.evaluate<AxeResults>("axe.run(document, { resultTypes: ['violations'] })");
  const barriers = found.violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  const told = barriers.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`)}`,
  );
  expect(told, page.url()).toEqual([]);
}

/** As it is on a phone, a tablet and a desk, in light and dark; each without a barrier. */
export async function lookAt(page: Page, name: string): Promise<void> {
  const before = page.viewportSize();
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 900 });
      await expectNoBarrier(page);
      expect(await overflow(page), `${name} at ${width}`).toBeLessThanOrEqual(0);
      await screenshot(page, `${name}-${width}-${colorScheme}`);
    }
  }
  await page.emulateMedia({ colorScheme: 'light' });
  if (before) await page.setViewportSize(before);
}

/** So many pixels of the page are out of sight sideways. */
async function overflow(page: Page): Promise<number> {
  return page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');
}

/** The state that the page shows, without a reload. */
export async function showsStatus(page: Page, status: string): Promise<void> {
  await page.getByText(status, { exact: true }).first().waitFor({ timeout: 150_000 });
}
