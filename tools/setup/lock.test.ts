import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

interface Locked {
  readonly integrity?: string;
  readonly link?: boolean;
  readonly hasInstallScript?: boolean;
  readonly os?: readonly string[];
}

const lock: { packages: Record<string, Locked> } = JSON.parse(readFileSync('package-lock.json', 'utf8'));
const { allowScripts }: { allowScripts: Record<string, boolean> } = JSON.parse(
  readFileSync('package.json', 'utf8'),
);
const PACKAGES = Object.entries(lock.packages).filter(
  ([at, { link }]) => at.includes('node_modules/') && !link,
);
const nameOf = (at: string) => at.slice(at.lastIndexOf('node_modules/') + 'node_modules/'.length);

describe('the lock file', () => {
  it('pins every package by its hash', () => {
    expect(PACKAGES.length).toBeGreaterThan(500);
    expect(
      PACKAGES.filter(([, { integrity }]) => !integrity?.startsWith('sha512-')).map(([at]) => at),
    ).toEqual([]);
  });

  it('brings no install script that nobody decided on', () => {
    const decided = Object.keys(allowScripts).map((key) => key.replace(/(?<=.)@[^@/]*$/, ''));
    // On Windows Windlass does not run, and npm runs no script that nobody allowed.
    const scripted = PACKAGES.filter(
      ([, { hasInstallScript, os }]) => hasInstallScript && !os?.includes('win32'),
    );
    expect(scripted.length).toBeGreaterThan(0);
    expect(scripted.map(([at]) => nameOf(at)).filter((name) => !decided.includes(name))).toEqual([]);
  });
});
