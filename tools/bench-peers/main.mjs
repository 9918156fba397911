#!/usr/bin/env node
// `npm run bench` and `npm run bench:micro`: installs what is compared, then runs `test/bench/<first argument>`.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { ensure, root, say } from '../setup/ensure.mjs';
import { ensureBenchPeers } from './install.mjs';

const [program = 'compare', ...args] = process.argv.slice(2);
await ensure('compare');
const { status } = spawnSync(process.execPath, [path.join(root, `dist/test/bench/${program}.js`), ...args], {
  stdio: 'inherit',
  env: { ...process.env, WINDLASS_BENCH_PYTHON: ensureBenchPeers({ log: say }) },
});
process.exit(status ?? 1);
