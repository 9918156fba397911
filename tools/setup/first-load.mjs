#!/usr/bin/env node
// What a browser loads before it shows the first page of the console: index.html, the entry, the page of the fleets, and
// all that these import, each as gzip -9 makes it. Ends with 1 when it is more than the budget.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const BUDGET_BYTES = 250_000;
const FIRST = ['index.html', 'src/fleets/fleets-page.tsx'];
const built = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../dist/apps/console');

/** The files of a first load, by Vite's manifest. Throws when it does not know one of its pages. */
export function firstLoadFiles(manifest) {
  const files = new Set(['index.html']);
  const waiting = [...FIRST];
  const seen = new Set();
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (seen.has(name)) continue;
    seen.add(name);
    const chunk = manifest[name];
    if (chunk === undefined)
      throw new Error(`Vite's manifest has no ${name}: name the first page in first-load.mjs`);
    for (const file of [chunk.file, ...(chunk.css ?? [])]) files.add(file);
    waiting.push(...(chunk.imports ?? []));
  }
  return [...files];
}

function main() {
  const manifest = JSON.parse(readFileSync(path.join(built, '.vite/manifest.json'), 'utf8'));
  const sizes = firstLoadFiles(manifest).map((file) => {
    const { length } = gzipSync(readFileSync(path.join(built, file)), { level: 9 });
    return { file, length };
  });
  const sum = sizes.reduce((total, { length }) => total + length, 0);
  for (const { file, length } of sizes) console.log(`${kB(length).padStart(9)}  ${file}`);
  console.log(
    `${kB(sum).padStart(9)}  first load of the console, gzip -9; the budget is ${kB(BUDGET_BYTES)}`,
  );
  return sum <= BUDGET_BYTES ? 0 : 1;
}

function kB(bytes) {
  return `${(bytes / 1000).toFixed(1)} kB`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = main();
