#!/usr/bin/env node
// `npm run bench`: installs what is compared, then one job by each tool in turn. `-- --hosts 50 --rounds 5 --json FILE`.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { ensure, root, say } from '../setup/ensure.mjs';
import { ensureBenchPeers } from './install.mjs';

await ensure('compare');
const { status } = spawnSync(
  process.execPath,
  [path.join(root, 'dist/test/bench/compare.js'), ...process.argv.slice(2)],
  { stdio: 'inherit', env: { ...process.env, WINDLASS_BENCH_PYTHON: ensureBenchPeers({ log: say }) } },
);
process.exit(status ?? 1);
