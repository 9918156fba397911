import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { screenshot, WIDTHS } from '../kit/browser.js';
import { barriers, settled } from './console-visit.js';

/** As it is on a phone, a tablet and a desk, in light and dark; each without a barrier. */
export async function lookAt(page: Page, name: string): Promise<void> {
  const before = page.viewportSize();
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 900 });
      await settled(page);
      expect(await barriers(page), `${name} at ${width}`).toEqual([]);
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
