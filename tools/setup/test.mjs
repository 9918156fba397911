#!/usr/bin/env node
// `npm test`: installs what is missing, then every quality gate and every test, and a last line
// `N passed, N failed`. A skipped test counts as failed, and so does a suite that found no test.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { ensure, root, say } from './ensure.mjs';

const GATES = [
  ['type check', 'tsc', ['--noEmit', '-p', 'tsconfig.json']],
  ['type check of the console', 'tsc', ['--noEmit', '-p', 'apps/console']],
  ['lint and format', 'biome', ['ci', '--error-on-warnings', '--colors=off', '.']],
  [
    'import directions',
    'depcruise',
    ['--config', '.dependency-cruiser.cjs', 'apps', 'libs', 'migrations', 'test', 'tools'],
  ],
  ['lock file', process.execPath, ['tools/setup/lock.mjs']],
  ['first load of the console', process.execPath, ['tools/setup/first-load.mjs']],
];
/** What they found is worth a look when it is well, too. */
const MEASURES = new Set(['first load of the console']);
const PROJECTS = ['unit', 'simulation', 'conformance', 'fleet'];
/** Minutes each, so only where they are asked for, as CI does. */
const LONG_PROJECTS = ['hosts', 'browser', 'peers', 'runbooks'];

function gate([title, command, args]) {
  const binary = path.isAbsolute(command) ? command : path.join('node_modules', '.bin', command);
  const { status, stdout, stderr } = spawnSync(binary, args, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 << 20,
  });
  say(`${title}: ${status === 0 ? 'ok' : 'FAILED'}`);
  if (MEASURES.has(title)) say((stdout ?? '').trimEnd());
  if (status !== 0) process.stderr.write(`${stdout ?? ''}${stderr ?? ''}`);
  return status === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

function suite(project) {
  const report = path.join(root, '.windlass', 'reports', `${project}.json`);
  mkdirSync(path.dirname(report), { recursive: true });
  rmSync(report, { force: true });
  const started = Date.now();
  const { status } = spawnSync(
    path.join('node_modules', '.bin', 'vitest'),
    ['run', '--project', project, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
    { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] },
  );
  say(`${project} tests took ${((Date.now() - started) / 1000).toFixed(0)} s`);
  return count(project, report, status);
}

function count(project, report, status) {
  if (!existsSync(report)) {
    say(`${project}: the test runner left no report`);
    return { passed: 0, failed: 1 };
  }
  const { numPassedTests: passed, numTotalTests: total } = JSON.parse(readFileSync(report, 'utf8'));
  const failed = total - passed;
  if (passed === 0 || (status !== 0 && failed === 0)) {
    say(`${project}: ${passed === 0 ? 'no test passed' : 'the runner failed outside the tests'}`);
    return { passed, failed: failed + 1 };
  }
  return { passed, failed };
}

await ensure('test');
const chosen = process.argv.slice(2);
const results = [
  ...(chosen.length === 0 ? GATES : []).map(gate),
  ...PROJECTS.filter((project) => chosen.length === 0 || chosen.includes(project)).map(suite),
  ...LONG_PROJECTS.filter((project) => chosen.includes(project)).map(suite),
];
const passed = results.reduce((sum, result) => sum + result.passed, 0);
const failed = results.reduce((sum, result) => sum + result.failed, 0);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);
