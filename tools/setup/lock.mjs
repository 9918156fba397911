#!/usr/bin/env node
// Fails when package-lock.json lacks an entry for any declared dependency, as it does when a registry does not
// serve every platform's binary of the newest version. `npm ci` then refuses the lock for every user, so the
// remedy is a version that all platforms have (see docs/reproducible-installs.md).
import { readFileSync } from 'node:fs';

const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'));

/** Where Node would find `name` from `from`, walking up as it does. */
function resolves(from, name) {
  for (let folder = from; ; ) {
    if (packages[`${folder ? `${folder}/` : ''}node_modules/${name}`]) return true;
    if (!folder) return false;
    const up = folder.lastIndexOf('/node_modules/');
    folder = up < 0 ? '' : folder.slice(0, up);
  }
}

const missing = Object.entries(packages).flatMap(([at, { dependencies, optionalDependencies }]) =>
  Object.keys({ ...dependencies, ...optionalDependencies })
    .filter((name) => !resolves(at, name))
    .map((name) => `${at || 'the root'} needs ${name}, which the lock file lacks`),
);
const addresses = Object.values(packages).filter(({ resolved }) => resolved?.startsWith('http')).length;
if (addresses > 0) missing.push(`${addresses} entries carry a download address; see .npmrc`);
if (missing.length > 0) {
  console.error(missing.join('\n'));
  process.exit(1);
}
console.log(`the lock file is complete: ${Object.keys(packages).length} entries`);
