import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { startBrowser } from '../kit/browser.js';
import { bigRotation } from './console/big-rotation.js';
import { ServedJournal } from './console/served-journal.js';
import { FrameWatch, inWords } from './console/smoothness.js';
import { numberOf, say } from './figures.js';

const ROTATION = '11111111-1111-4111-8111-111111111111';
const LONGEST_MS = 300_000;

/**
 * `npm run bench:console -- --hosts 1000 --rate 50 --seconds 20`: how smooth the page of a big rotation is, in a real
 * browser: while it reads a journal from its beginning, with so many entries a second, and in each of its tabs.
 */
class ConsoleBench {
  constructor(
    private readonly served: ServedJournal,
    private readonly page: Page,
    private readonly watch: FrameWatch,
  ) {}

  async catchUp(what: string, entries: number): Promise<void> {
    await this.watch.begin();
    this.served.send(entries);
    await this.known();
    say(inWords(what, await this.watch.end()));
  }

  async live(what: string, rate: number, seconds: number): Promise<void> {
    await this.watch.begin();
    const began = Date.now();
    for (let sent = 0; sent < rate * seconds; ) {
      await sleep(1_000 / rate);
      const due = Math.min(rate * seconds, Math.floor(((Date.now() - began) / 1_000) * rate));
      if (due > sent) this.served.send(due - sent);
      sent = Math.max(sent, due);
    }
    say(inWords(what, await this.watch.end()));
    await this.known();
  }

  async open(tab: string): Promise<void> {
    await this.page.getByRole('tab', { name: tab }).click();
  }

  /** Until the page has everything that was sent. */
  private async known(): Promise<void> {
    const tab = this.page.getByRole('tab', { name: `Time line (${this.served.count})` });
    await tab.waitFor({ timeout: LONGEST_MS });
  }
}

async function main(): Promise<void> {
  const [hosts, rate, seconds] = [numberOf('hosts', 1_000), numberOf('rate', 50), numberOf('seconds', 20)];
  const entries = bigRotation(ROTATION, hosts);
  say(`${entries.length} entries of a rotation of ${hosts} hosts`);
  const served = await ServedJournal.open(ROTATION, entries);
  const browser = await startBrowser();
  const page = await browser.open(served.url);
  await page.getByLabel('API key').fill('bench');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByLabel('Reading the journal').waitFor();
  const bench = new ConsoleBench(served, page, await FrameWatch.of(page));
  await bench.catchUp('reads the first half', Math.floor(entries.length / 2));
  const at = `${rate} entries a second`;
  await bench.live(`hosts, ${at}`, rate, seconds);
  for (const tab of ['Time line', 'Handshakes', 'Trust']) {
    await bench.open(tab);
    await bench.live(`${tab}, ${at}`, rate, Math.ceil(seconds / 2));
  }
  await bench.open('Hosts');
  await bench.catchUp('reads the rest', entries.length);
  say(await page.getByTestId('explanation').innerText());
  for (const complaint of browser.complaints) say(`the browser complained: ${complaint}`);
  await browser.stop();
  await served.stop();
}

await main();
