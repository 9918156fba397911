#!/usr/bin/env node
// `npm run corpus [-- --cases N --seed N]`: what test/corpus/main.ts says, with every nginx that it is held against.
import { spawnSync } from 'node:child_process';
import { ensureNewerNginx } from '../nginx/build.mjs';
import { ensure, root, say } from '../setup/ensure.mjs';

await ensure('corpus');
const newer = ensureNewerNginx({ log: say }).flatMap((path) => ['--nginx', path]);
const args = ['dist/test/corpus/main.js', '--nginx', 'nginx', ...newer, ...process.argv.slice(2)];
const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
process.exitCode = status ?? 1;
