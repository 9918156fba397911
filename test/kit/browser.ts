import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { repositoryRoot } from './repository-root.js';

/** Debian's; `tools/setup` installs it. */
const CHROMIUM = '/usr/bin/chromium';
/** A phone, a tablet on its side, a desk. */
export const WIDTHS = [390, 1024, 1440] as const;

export interface BrowserRig {
  readonly browser: Browser;
  /** A tab of its own, at `width` pixels. */
  open(url: string, options?: { readonly width?: number; readonly dark?: boolean }): Promise<Page>;
  /** What pages complained of: errors that were thrown, and refused by a policy. */
  readonly complaints: readonly string[];
  stop(): Promise<void>;
}

/** A real Chromium without a window. It ends with `stop`, and with this process. */
export async function startBrowser(): Promise<BrowserRig> {
  // Root may not use its sandbox; the pages are our own.
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
  const complaints: string[] = [];
  const contexts: BrowserContext[] = [];
  return {
    ...{ browser, complaints },
    async open(url, { width = 1440, dark = false } = {}) {
      const context = await browser.newContext({
        viewport: { width, height: 900 },
        colorScheme: dark ? 'dark' : 'light',
        reducedMotion: 'reduce',
      });
      contexts.push(context);
      const page = await context.newPage();
      page.setDefaultTimeout(60_000);
      page.on('pageerror', (error) => void complaints.push(String(error)));
      page.on('console', (message) => {
        if (message.type() === 'error') complaints.push(message.text());
      });
      await page.goto(url);
      return page;
    },
    stop: () => browser.close(),
  };
}

/** Kept out of the repository, for people to look at. Returns where it is. */
export async function screenshot(page: Page, name: string): Promise<string> {
  const folder = join(repositoryRoot(), '.windlass', 'screenshots');
  await mkdir(folder, { recursive: true });
  const path = join(folder, `${name}.png`);
  await page.screenshot({ path, fullPage: true });
  return path;
}
