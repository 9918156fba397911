import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type RunningApi, runApi } from '../e2e/running-api.js';
import { type BrowserRig, screenshot, startBrowser, WIDTHS } from '../kit/browser.js';
import { type RecordingProxy, startRecordingProxy } from './recording-proxy.js';
import {
  clipboard,
  copied,
  drop,
  editorOf,
  hasFocus,
  mendedByCommand,
  openSandbox,
  paste,
  pasteOver,
  toldByCommand,
  toldByPage,
} from './sandbox-page.js';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const SERVER = 'server {\n    listen 443 ssl;\n    ssl_client_certificate ca.pem;\n}\n';
const key = generateKeyPairSync('rsa', { modulusLength: 2048 })
  .privateKey.export({ format: 'pem', type: 'pkcs8' })
  .toString();
const other = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  .privateKey.export({ format: 'pem', type: 'sec1' })
  .toString();
/** Every line of what must be nowhere. */
const SECRETS = `${key}${other}`.split('\n').filter((line) => /^[A-Za-z0-9+/=]{20,}$/.test(line));

/**
 * What Chromium asks of its maker by itself, for every page with fields: what a form may mean, by a hash of the names of
 * its fields. The page can neither see nor forbid it, and nothing that was typed is in it.
 */
const BROWSERS_OWN = 'connect content-autofill.googleapis.com:443';
const isOurs = (request: string) => request !== BROWSERS_OWN;

let api: RunningApi;
let rig: BrowserRig;
let proxy: RecordingProxy;
let context: BrowserContext;
let page: Page;

beforeAll(async () => {
  api = await runApi({ console: true });
  rig = await startBrowser();
  proxy = await startRecordingProxy();
});
afterAll(async () => {
  await rig?.stop();
  await proxy?.stop();
  await api?.stop();
});

beforeEach(async () => {
  await context?.close();
  context = await rig.browser.newContext({
    proxy: { server: proxy.url, bypass: '<-loopback>' },
    ...{ viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' },
  });
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: api.url });
  page = await context.newPage();
  page.setDefaultTimeout(60_000);
});

const status = () => page.getByRole('status').first();
/** However busy the machine is. */
const eventually = <T>(look: () => Promise<T>, message?: string) =>
  expect.poll(look, { timeout: 120_000, ...(message === undefined ? {} : { message }) });
const corrected = () => page.getByRole('button', { name: 'Copy it' });

async function examples(): Promise<string[]> {
  const options = await page.getByLabel('Try an example').locator('option').allInnerTexts();
  return options.slice(1);
}

async function tryExample(name: string): Promise<void> {
  await page.getByLabel('Try an example').selectOption(name);
  await eventually(() => status().innerText()).toMatch(/finding/);
}

/** Where key material could be found by whoever looks at this page, or goes on from it. */
async function everythingHeld(): Promise<string> {
  const stored = await page.evaluate(`(async () => ({
    local: { ...localStorage },
    session: { ...sessionStorage },
    databases: await indexedDB.databases(),
    caches: await caches.keys(),
    cookies: document.cookie,
    state: history.state,
  }))()`);
  return [
    ...[
      await page.content(),
      await page.locator('body').innerText(),
      await page.locator('body').ariaSnapshot(),
    ],
    ...[page.url(), JSON.stringify(stored), await copied(page)],
  ].join('\n');
}

async function expectNoKey(): Promise<void> {
  const held = await everythingHeld();
  for (const line of SECRETS)
    expect(held.includes(line.slice(0, 16)), `a line of the key is in ${held}`).toBe(false);
}

/** Back and forth through all that was done, looking at every state. */
async function expectNoKeyInHistory(): Promise<void> {
  for (const keys of ['Control+Z', 'Control+Y']) {
    for (let step = 0; step < 6; step += 1) {
      await editorOf(page).focus();
      await page.keyboard.press(keys);
      await expectNoKey();
    }
  }
}

describe('the sandbox', () => {
  it('sends nothing once it is there, whatever is done in it', async () => {
    const complaints: string[] = [];
    const seen: string[] = [];
    page.on('console', (message) => void complaints.push(message.text()));
    context.on('request', (request) => void seen.push(request.url()));
    const cdp = await context.newCDPSession(page);
    await cdp.send('Network.enable');
    cdp.on('Network.requestWillBeSent', ({ request }) => void seen.push(request.url));
    cdp.on('Network.webSocketCreated', ({ url }) => void seen.push(url));
    const before = proxy.requests.length;
    await openSandbox(page, api.url);
    const loading = proxy.requests.slice(before);
    expect(loading.length).toBeGreaterThan(3);
    for (const request of loading.filter(isOurs)) {
      expect(request).toMatch(
        new RegExp(`^GET ${api.url}/console/(sandbox|windlass\\.svg|assets/[\\w.-]+)$`),
      );
    }
    seen.length = 0;
    const loaded = proxy.requests.length;
    const served = api.logLines.length;

    for (const name of await examples()) await tryExample(name);
    await pasteOver(page, `${SERVER}${key}`);
    await drop(page, { text: other });
    await drop(page, { file: other });
    await page.keyboard.type('server_name a.test;');
    await pasteOver(page, SERVER);
    await corrected().click();
    await page.getByRole('button', { name: 'Copy the differences' }).click();
    await page.getByText('As plain text').click();
    await page.getByRole('button', { name: 'Put it into the editor' }).click();
    await page.getByLabel('nginx -v').fill('1.18.0');
    await eventually(() => status().innerText()).toMatch(/finding/);
    await page.waitForLoadState('networkidle');

    expect(proxy.requests.slice(loaded).filter(isOurs)).toEqual([]);
    // The marks in the margin are pictures that stand in the style itself.
    expect(seen.filter((url) => !url.startsWith('data:'))).toEqual([]);
    expect(api.logLines.slice(served)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it('takes no private key in: pasted, dropped, in pieces or letter by letter, and keeps none for undo', async () => {
    await openSandbox(page, api.url);
    await pasteOver(page, `${SERVER}${key}${SERVER}${other}`);
    await eventually(() => page.getByRole('alert').innerText()).toContain('Private keys were masked');
    expect(await copied(page)).toBe(
      [SERVER, key, SERVER, other]
        .join('')
        .replaceAll(/(-----BEGIN [A-Z ]+-----\n)[^-]+\n(-----END)/g, '$1(masked-private-key)\n$2'),
    );
    await expectNoKeyInHistory();
    const half = key.slice(0, key.length / 2);
    await pasteOver(page, half);
    await expectNoKey();
    await page.keyboard.press('ArrowRight');
    await paste(page, key.slice(half.length));
    await expectNoKeyInHistory();
    await drop(page, { text: key });
    await expectNoKeyInHistory();
    await drop(page, { file: `${other}${key}` });
    await eventually(() => copied(page)).toContain('EC PRIVATE KEY');
    await expectNoKeyInHistory();
    await pasteOver(page, '');
    await page.keyboard.press('Delete');
    await page.keyboard.type(key.slice(0, 220));
    await expectNoKeyInHistory();
  });

  it('takes a key out again that only its header told, with the history that knew it', async () => {
    await openSandbox(page, api.url);
    const [header = '', first = '', ...lines] = key.split('\n');
    await pasteOver(page, lines.slice(0, -2).join('\n'));
    expect(await copied(page)).toContain(lines[0]);
    await page.keyboard.press('Control+Home');
    await paste(page, `${header}\n${first}\n`);
    await expectNoKeyInHistory();
  });

  it('says the same as the command, and mends the same', async () => {
    await openSandbox(page, api.url);
    for (const name of await examples()) {
      await tryExample(name);
      const text = await copied(page);
      const command = name.startsWith('Kubernetes') ? 'scan' : 'audit';
      const expected = toldByCommand(command, text);
      expect(expected.length, name).toBeGreaterThan(0);
      await eventually(() => toldByPage(page), name).toEqual(expected);
      if (command === 'scan') continue;
      await corrected().click();
      const mended = mendedByCommand(text);
      await eventually(() => clipboard(page)).toBe(mended);
      expect(toldByCommand('audit', mended).filter(({ fix }) => fix !== null)).toEqual([]);
    }
  });

  it('mends what was chosen alone', async () => {
    await openSandbox(page, api.url);
    await tryExample('Verification left optional after debugging');
    await page.getByLabel('Set ssl_verify_client on').uncheck();
    await eventually(() => page.getByText('is left').innerText()).toContain('1 finding is left');
    await corrected().click();
    expect(await clipboard(page)).toContain('ssl_verify_client optional;');
    await page.getByLabel('Set ssl_verify_client on').check();
    await eventually(() => page.getByText('nothing is left').count()).toBe(1);
  });

  it('keeps up with the newest text, however large the one before was', async () => {
    await openSandbox(page, api.url);
    await pasteOver(page, `http {\n${SERVER.repeat(1_000_000 / SERVER.length)}}\n`);
    await tryExample('A bundle, and nobody is asked');
    await eventually(() => status().innerText()).toMatch(/^\d findings: 1 error, \d notes?\.$/);
    expect(await copied(page)).toContain('pay.example.com');
    const addresses = '        10.20.30.40 allowed;\n'.repeat(5_000_000 / 29);
    await pasteOver(page, `http {\n    geo $from {\n${addresses}    }\n${SERVER.repeat(300)}}\n`);
    await eventually(() => status().innerText()).toMatch(/^\d{3,} findings/);
    expect(await page.getByText('Only the first 500 are listed').count()).toBe(1);
    expect(await page.getByText('too large to be mended here').count()).toBe(1);
  });

  it('lets the keyboard in and out, and tells by voice what it found', async () => {
    await openSandbox(page, api.url);
    await page.getByLabel('CAs below the root').focus();
    await page.keyboard.press('Tab');
    expect(await hasFocus(page)).toBe(true);
    await page.keyboard.insertText(SERVER);
    await eventually(() => status().innerText()).toMatch(/^\d+ findings: /);
    await page.keyboard.press('Tab');
    expect(await hasFocus(page)).toBe(false);
    expect(await copied(page)).toBe(SERVER);
    await page
      .getByRole('button', { name: /^line / })
      .first()
      .press('Enter');
    expect(await hasFocus(page)).toBe(true);
  });

  it('keeps nothing: a page that is loaded again is empty', async () => {
    await openSandbox(page, api.url);
    await pasteOver(page, SERVER);
    await eventually(() => status().innerText()).toMatch(/finding/);
    await page.reload();
    await editorOf(page).waitFor();
    await eventually(() => page.getByText('Nothing was pasted yet').count()).toBe(1);
    expect(await page.evaluate('({ ...localStorage, ...sessionStorage })')).toEqual({});
  });
});

describe.each([false, true])('dark: %s', (dark) => {
  it.each(WIDTHS)('is accessible at %i pixels', async (width) => {
    page = await rig.open(`${api.url}/console/sandbox`, { width, dark });
    await expectAccessible();
    await tryExample('Verification left optional after debugging');
    await corrected().waitFor();
    await expectAccessible();
    await corrected().scrollIntoViewIfNeeded();
    await screenshot(page, `sandbox-${width}-${dark ? 'dark' : 'light'}`);
    await page.getByText('As plain text').click();
    await expectAccessible();
    const overflow = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
    expect(overflow).toBeLessThanOrEqual(0);
    expect(rig.complaints).toEqual([]);
  });
});

async function expectAccessible(): Promise<void> {
  await page.evaluate(AXE);
  const violations = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: { run(): Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }> };
    };
    const found = (await axe.run()).violations.filter(({ impact }) => /serious|critical/.test(impact));
    return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
  });
  expect(violations).toEqual([]);
}
