import axe, { type AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import type { RunningApi } from '../e2e/running-api.js';
import type { BrowserRig } from '../kit/browser.js';

/** How wide, and in which colours. */
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

/** At its first page. */
export async function signIn(rig: BrowserRig, { url }: RunningApi, key: string, sight: Sight = {}) {
  const page = await openConsole(rig, { url, key }, '/', sight);
  await page.getByRole('heading', { level: 1, name: 'Fleets' }).waitFor();
  return page;
}

/** Loads a page of the console by its address, and waits for its heading. */
export async function goTo(page: Page, { url }: RunningApi, path: string, heading: string): Promise<void> {
  // Between two addresses that differ behind # alone a browser loads nothing.
  await page.goto('about:blank');
  await page.goto(`${url}/console${path}`);
  await page.getByRole('heading', { level: 1, name: heading }).waitFor();
}

/** A finding of axe-core: the rule, and the elements that break it. */
export interface AxeFinding {
  readonly rule: string;
  readonly where: readonly string[];
}

/** Waits until nothing moves any more, and no colour is on its way to another. */
export async function settled(page: Page): Promise<void> {
  await page.evaluate('Promise.allSettled(document.getAnimations().map(({ finished }) => finished))');
}

/** What keeps people out of the page as it is now: serious and critical findings. */
export async function barriers(page: Page): Promise<AxeFinding[]> {
  // A script that is evaluated so is no script of the page, and its policy is not asked.
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate<AxeResults>(
    "axe.run(document, { resultTypes: ['violations'] })",
  );
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => ({
      rule: id,
      where: nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`),
    }));
}

/** What the element with the focus is called. */
const FOCUSED =
  "((element) => element?.getAttribute('aria-label') ?? element?.labels?.[0]?.textContent ?? element?.textContent ?? '')" +
  '(document.activeElement)';
const MOST_STOPS = 60;

/** Presses Tab until the element of that name has the focus. Throws when it is never reached. */
export async function tabTo(page: Page, name: string): Promise<void> {
  const met: string[] = [];
  for (let stop = 0; stop < MOST_STOPS; stop += 1) {
    await page.keyboard.press('Tab');
    const focused = await page.evaluate<string>(FOCUSED);
    if (focused.trim().startsWith(name)) return;
    met.push(focused.trim().slice(0, 30));
  }
  throw new Error(`Tab never came to ${name}, only to ${met.join(' | ')}`);
}

/** What the pages complained of, but for replies that are no success: a browser reports each. */
export function brokenThings(rig: BrowserRig): string[] {
  return rig.complaints.filter((text) => !text.startsWith('Failed to load resource'));
}
