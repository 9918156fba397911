import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { repositoryRoot } from './repository-root.js';

/**
 * What clients of `before` would trip over with `after`, by the word of oasdiff, a line each; both are OpenAPI
 * documents as text. Rejects when oasdiff was not built: a test without it must fail and never be skipped.
 */
export async function breakingChanges(before: string, after: string): Promise<readonly string[]> {
  const oasdiff = await oasdiffPath();
  const folder = mkdtempSync(join(tmpdir(), 'windlass-oasdiff-'));
  try {
    const files = [before, after].map((text, index) => {
      const file = join(folder, `${index}.json`);
      writeFileSync(file, text);
      return file;
    });
    const { status, stdout, stderr } = spawnSync(oasdiff, ['breaking', '--format', 'singleline', ...files], {
      encoding: 'utf8',
      maxBuffer: 64 << 20,
    });
    if (status !== 0) throw new Error(`oasdiff failed: ${stderr.trim() || `status ${status}`}`);
    return stdout.split('\n').flatMap((line) => /^error at \S+, in API (.*?)\s*$/.exec(line)?.[1] ?? []);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Imported by address, because tools/openapi has plain JavaScript that tsc does not copy to dist. */
async function oasdiffPath(): Promise<string> {
  const script = pathToFileURL(join(repositoryRoot(), 'tools', 'openapi', 'build-oasdiff.mjs')).href;
  const { cachedOasdiff }: typeof import('../../tools/openapi/build-oasdiff.mjs') = await import(script);
  const path = cachedOasdiff();
  if (path !== null) return path;
  throw new Error('oasdiff is not there: run "node tools/openapi/build-oasdiff.mjs" (needs Go, once)');
}
