import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

interface Machine {
  readonly missing: readonly string[];
  readonly node: string;
  readonly root: boolean;
  readonly apt: boolean;
  readonly vault: string | null;
  readonly python: string | null;
}

// Plain JavaScript, as it runs before anything is installed; imported by address to keep it out of the build.
const { faultsOf }: { faultsOf(goal: string, machine: Machine): string[] } = await import(
  new URL('./ensure.mjs', import.meta.url).href
);

const FRESH: Machine = {
  missing: ['nginx', 'openssh-server'],
  node: '20.20.2',
  root: true,
  apt: true,
  vault: null,
  python: null,
};

describe('setup on a machine', () => {
  it('installs by itself where it may', () => {
    expect(faultsOf('test', FRESH)).toEqual([]);
  });

  it.each([{ root: false }, { apt: false }])('names the packages where it may not install: %o', (lack) => {
    expect(faultsOf('dev', { ...FRESH, ...lack })).toEqual([
      'Debian packages: nginx openssh-server  (as root: apt-get update && apt-get install -y nginx openssh-server)',
    ]);
  });

  it('asks for root where hosts are booted, and only there', () => {
    const user = { ...FRESH, missing: [], root: false };
    expect(faultsOf('demo', user)).toHaveLength(1);
    expect(faultsOf('test', user)[0]).toMatch(/^root: .*sudo/);
    expect(faultsOf('dev', user)).toEqual([]);
  });

  it('asks for a Go, a Python and a Node that are new enough', () => {
    const vault = 'install Go 1.26 or newer: (found: go version go1.19.8 linux/amd64)';
    expect(faultsOf('test', { ...FRESH, vault })).toEqual([vault]);
    expect(faultsOf('test', { ...FRESH, python: 'Python 3.11 or newer' })).toEqual(['Python 3.11 or newer']);
    expect(faultsOf('dev', { ...FRESH, node: '20.19.0' })).toEqual(['Node 20.20 or newer (this is 20.19.0)']);
  });

  it('names a Go that is too old, as Debian has it, before anything is done', () => {
    const folder = mkdtempSync(join(tmpdir(), 'windlass-old-go-'));
    writeFileSync(join(folder, 'go'), '#!/bin/sh\necho go version go1.19.8 linux/amd64\n', { mode: 0o755 });
    const { status, stderr } = spawnSync(process.execPath, ['tools/setup/ensure.mjs', 'test'], {
      encoding: 'utf8',
      env: { ...process.env, PATH: `${folder}:${process.env.PATH}` },
    });
    rmSync(folder, { recursive: true });
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /^setup: nothing was changed; "test" needs:\n.*install Go 1\.\d+ or newer.*go1\.19/,
    );
  });

  it('ends as an ordinary user with a clear line, before anything is done', () => {
    // A copy: the checkout may lie where an ordinary user cannot read.
    const folder = mkdtempSync(join(tmpdir(), 'windlass-setup-'));
    mkdirSync(join(folder, 'tools', 'setup'), { recursive: true });
    copyFileSync(new URL('./ensure.mjs', import.meta.url), join(folder, 'tools', 'setup', 'ensure.mjs'));
    chmodSync(folder, 0o777);
    const { status, stderr } = spawnSync(process.execPath, ['tools/setup/ensure.mjs', 'demo'], {
      encoding: 'utf8',
      uid: 65_534,
      gid: 65_534,
      cwd: folder,
    });
    const left = readdirSync(folder);
    rmSync(folder, { recursive: true });
    expect(status).toBe(1);
    expect(stderr).toMatch(/^setup: nothing was changed; "demo" needs:\n(.*\n)*\s+- root: /);
    expect(stderr).not.toContain('npm ci');
    expect(left).toEqual(['tools']);
  });
});
