import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeCa } from '#kit';
import { ServedFleet } from '../e2e/served-fleet.js';
import { type BrowserRig, startBrowser } from '../kit/browser.js';
import { barriers, openConsole } from './console-visit.js';
import { lookAt, showsStatus } from './rotation-page.js';

let served: ServedFleet;
let browser: BrowserRig;
let fleetId: string;
let name: string;
let ana: Page;

beforeAll(async () => {
  served = await ServedFleet.open(2, { console: true });
  browser = await startBrowser();
  fleetId = await served.record({ approval: 'contract', contractWhen: 'soaked' });
  name = (await served.api.call('GET', `/v1/fleets/${fleetId}`)).body.name;
  ana = await visit(await keyOf('admin', 'ana'), `/rotations?fleet=${fleetId}`);
});

afterAll(async () => {
  await browser?.stop();
  await served?.stop();
});

async function keyOf(role: string, label: string): Promise<string> {
  return (await served.api.call('POST', '/v1/api-keys', { body: { role, label } })).body.key;
}

const visit = (key: string, path: string) => openConsole(browser, { url: served.api.url, key }, path);
const explanation = (page: Page) => page.getByTestId('explanation');
const shown = () => new URL(ana.url()).pathname.split('/').at(-1) ?? '';

/** Fills in the dialog and starts what its plan shows. */
async function startFromDialog(): Promise<void> {
  await ana.goto(`${served.api.url}/console/rotations?fleet=${fleetId}`);
  await ana.getByRole('button', { name: 'Rotate…' }).click();
  await ana.getByRole('dialog').getByLabel('Reason').fill('the yearly one');
  await ana.getByRole('button', { name: 'Show what it would do' }).click();
  await ana.getByRole('button', { name: 'Start the rotation' }).click();
  await ana.getByRole('heading', { level: 1, name: `${name}: overlap` }).waitFor();
}

describe('the page of a rotation', () => {
  it('shows what a rotation would do before it starts it, and nothing is recorded until then', async () => {
    await ana.getByRole('button', { name: 'Rotate…' }).click();
    await ana.getByRole('button', { name: 'Show what it would do' }).click();
    await ana.getByRole('heading', { name: 'What changes in trust' }).waitFor();
    await lookAt(ana, 'start-rotation');
    expect((await served.api.call('GET', '/v1/rotations')).body.items).toEqual([]);
    await ana.getByRole('radio', { name: 'distrust' }).click();
    await ana.getByText('Choose the anchors that go.').waitFor();
    expect(await ana.getByRole('button', { name: 'Show what it would do' }).isDisabled()).toBe(true);
  });

  it('has no way into what has no way back but by the name of the fleet', async () => {
    const { certificatePem } = await makeCa({ commonName: 'Partners CA' });
    await ana.getByRole('radio', { name: 'replace' }).click();
    await ana.getByRole('textbox', { name: 'Bundle' }).fill(`${served.bundles()[0]}${certificatePem}`);
    await ana.getByRole('button', { name: 'Show what it would do' }).click();
    const replace = ana.getByRole('button', { name: 'Replace the bundle' });
    await ana.getByText(/added CN=Partners CA/).waitFor();
    expect(await replace.isDisabled()).toBe(true);
    const typed = ana.getByLabel(`Type ${name} to go on`);
    await typed.fill('another');
    expect(await replace.isDisabled()).toBe(true);
    await typed.fill(name);
    expect(await replace.isEnabled()).toBe(true);
    expect(await barriers(ana)).toEqual([]);
  });

  it('goes with the rotation from the dialog to its end, and a second person approves', async () => {
    await startFromDialog();
    await ana.evaluate('window.sameVisit = true');
    await explanation(ana)
      .getByText('waits for the approval of a second person')
      .waitFor({ timeout: 150_000 });
    await ana.getByText('live').waitFor();
    await lookAt(ana, 'rotation-awaits-approval');
    expect(await ana.getByRole('button', { name: 'Approve' }).count()).toBe(0);

    const ben = await visit(await keyOf('approver', 'ben'), `/rotations/${shown()}`);
    await ben.getByRole('button', { name: 'Approve' }).click();
    const dialog = ben.getByRole('dialog');
    const { generations } = (await served.api.call('GET', `/v1/rotations/${shown()}`)).body;
    await dialog.getByText(generations.trustDiff).waitFor();
    await dialog.getByText(generations.trustDiffDigest).waitFor();
    await lookAt(ben, 'rotation-approve');
    await dialog.getByRole('button', { name: 'Approve' }).click();
    await dialog.waitFor({ state: 'hidden' });

    await showsStatus(ana, 'succeeded');
    expect(await ana.evaluate('window.sameVisit')).toBe(true);
    await ana.getByText('the journal is complete').waitFor();
    expect(await explanation(ana).innerText()).toContain('all 2 hosts are observed on the new CA only');
  });

  it('shows what every listener answered, which client is refused now, and what was decided', async () => {
    await ana.getByRole('tab', { name: 'Handshakes' }).click();
    const rows = ana.getByRole('row').filter({ hasText: 'edge.test' });
    expect(await rows.count()).toBe(2);
    for (const row of await rows.all()) {
      const cells = await row.getByRole('cell').allInnerTexts();
      expect(cells.slice(1).map((cell) => cell.replace(/^\S /, ''))).toEqual([
        ...['refused', 'accepted', 'refused', 'refused'],
        expect.stringMatching(/refused|–/),
      ]);
    }
    await lookAt(ana, 'rotation-handshakes');
    await ana.getByRole('tab', { name: 'Trust' }).click();
    await ana.getByText('keep expand').waitFor();
    await ana.getByText(/approved of/).waitFor();
    await lookAt(ana, 'rotation-trust');
    await ana.getByRole('tab', { name: /Time line/ }).click();
    await ana.getByText('Ended: succeeded').waitFor();
    await lookAt(ana, 'rotation-time-line');
  });

  it('shows the rotation as it was at any entry, by keyboard alone', async () => {
    await ana.getByRole('tab', { name: /Hosts/ }).click();
    await ana.getByRole('slider', { name: /Look back/ }).focus();
    await ana.keyboard.press('Home');
    await ana.getByText(/As it was at entry 1 of/).waitFor();
    await showsStatus(ana, 'pending');
    await ana.getByRole('option', { name: /host-1: waiting, serves old/ }).waitFor();
    await lookAt(ana, 'rotation-look-back');
    await ana.getByRole('slider').focus();
    await ana.keyboard.press('End');
    await showsStatus(ana, 'succeeded');
  });

  it('gives its evidence, its post-mortem and its journal to whoever has the key', async () => {
    for (const [item, says] of [
      ['Evidence (JSON)', 'windlass-evidence/1'],
      ['Post-mortem (Markdown)', '# '],
      ['Journal (JSON lines)', 'rotation.requested'],
    ] as const) {
      const download = ana.waitForEvent('download');
      await ana.getByRole('button', { name: 'Download' }).click();
      await ana.getByRole('menuitem', { name: item }).click();
      expect(await readFile(await (await download).path(), 'utf8')).toContain(says);
    }
  });

  it('shows how a host that does not take the switch brings all of them back, and names it', async () => {
    const undo = await served.hosts[1]?.occupyPort();
    await startFromDialog();
    await showsStatus(ana, 'reverted');
    await undo?.();
    expect(await explanation(ana).innerText()).toMatch(/Reverted .*host-2/);
    await ana.getByRole('option', { name: /host-1: reverted, serves old/ }).waitFor();
    await ana.getByRole('tab', { name: /Time line/ }).click();
    await ana.getByLabel('Show').selectOption('failures');
    await ana
      .getByText(/host-2: /)
      .first()
      .waitFor();
    await lookAt(ana, 'rotation-reverted');
  });

  it('complained of nothing', () => {
    expect(browser.complaints).toEqual([]);
  });
});
