import { spawnSync } from 'node:child_process';
import type { Page } from 'playwright-core';

/** One finding, as the page and the command both tell it. */
export interface ToldFinding {
  readonly severity: string;
  readonly line: number;
  readonly column: number;
  readonly rule: string;
  readonly message: string;
  readonly fix: string | null;
}

export const editorOf = (page: Page) => page.locator('.cm-content').first();

/** Opens the sandbox, and waits until all that it needs is there. */
export async function openSandbox(page: Page, url: string): Promise<void> {
  const worker = page.waitForEvent('worker');
  await page.goto(`${url}/console/sandbox`);
  await worker;
  await editorOf(page).waitFor();
  await page.waitForLoadState('networkidle');
}

/** By the clipboard and the keyboard, in the place of all that is there. */
export async function pasteOver(page: Page, text: string): Promise<void> {
  await editorOf(page).focus();
  await page.keyboard.press('Control+A');
  await paste(page, text);
}

/** Where the cursor is. */
export async function paste(page: Page, text: string): Promise<void> {
  await page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(text)})`);
  await editorOf(page).focus();
  await page.keyboard.press('Control+V');
}

/** What the editor holds: all of it, not only what is drawn. */
export async function copied(page: Page): Promise<string> {
  await editorOf(page).focus();
  await page.keyboard.press('Control+A');
  await page.keyboard.press('Control+C');
  return clipboard(page);
}

export const clipboard = (page: Page): Promise<string> => page.evaluate('navigator.clipboard.readText()');

/** Drops text, or a file, onto the editor. */
export async function drop(page: Page, dropped: { text?: string; file?: string }): Promise<void> {
  await page.evaluate(`{
    const { text, file } = ${JSON.stringify(dropped)};
    const element = document.querySelector('.cm-content');
    const data = new DataTransfer();
    if (text !== undefined) data.setData('text/plain', text);
    if (file !== undefined) data.items.add(new File([file], 'server.key', { type: 'text/plain' }));
    const { left, top } = element.getBoundingClientRect();
    const place = { clientX: left + 5, clientY: top + 5 };
    const options = { ...place, dataTransfer: data, bubbles: true, cancelable: true };
    element.dispatchEvent(new DragEvent('drop', options));
  }`);
}

/** Whether what is typed goes into the editor. */
export const hasFocus = (page: Page): Promise<boolean> =>
  page.evaluate("document.activeElement === document.querySelector('.cm-content')");

/** What the list says. */
export async function toldByPage(page: Page): Promise<readonly ToldFinding[]> {
  const items = await page.getByRole('list', { name: 'Findings' }).locator('> li').all();
  return Promise.all(
    items.map(async (item) => {
      const place = /line (\d+):(\d+)/.exec(await item.innerText());
      const label = item.locator('label');
      return {
        severity: (await item.locator('.mantine-Badge-label').innerText()).trim(),
        ...{ line: Number(place?.[1]), column: Number(place?.[2]) },
        rule: await item.locator('code').first().innerText(),
        message: (await item.locator('p').first().textContent()) ?? '',
        fix: (await label.count()) === 0 ? null : await label.innerText(),
      };
    }),
  );
}

/** What the command says of the same text. */
export function toldByCommand(command: 'audit' | 'scan', text: string): readonly ToldFinding[] {
  const { stdout, stderr } = windlass([command, '-', '--format', 'json'], text);
  const { findings }: { findings: (ToldFinding & { accepted: unknown })[] } = JSON.parse(stdout || stderr);
  return findings.map(({ severity, line, column, rule, message, fix, accepted }) => ({
    ...{ severity, line, column, rule, message, fix: accepted === null ? fix : null },
  }));
}

/** The configuration as `windlass audit --fix` prints it. */
export function mendedByCommand(text: string): string {
  return windlass(['audit', '-', '--fix'], text).stdout;
}

function windlass(words: readonly string[], input: string): { stdout: string; stderr: string } {
  return spawnSync(process.execPath, ['dist/apps/cli/src/main.js', ...words], { input, encoding: 'utf8' });
}
