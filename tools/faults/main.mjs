#!/usr/bin/env node
// `npm run faults`: every test that names a row of the fault table, and a table of what they say. Last line:
// `N passed, N failed, N missing`, counted by row and level. `--write` puts the table into docs/faults.md.
// `--after-test` takes the word of the `npm test` and `npm run hosts` that ran just before for all but the project that it leaves out.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensure, root, say } from '../setup/ensure.mjs';
import { ROWS } from './rows.mjs';

const REPORTS = path.join(root, '.windlass', 'reports');
/** Those that `npm test` and `npm run hosts` run as well. */
const TESTED = ['unit', 'simulation', 'conformance', 'fleet', 'hosts'];
const MARKS = { passed: 'ok', failed: 'FAILED', missing: 'missing' };

/** The level that a test of this file shows something at. */
export function levelOf(file) {
  if (/^libs\/simulation\//.test(file)) return 'S';
  if (/^libs\//.test(file)) return 'U';
  if (/^test\/faults\/fleet\//.test(file)) return 'F';
  if (/^test\/(conformance|faults)\//.test(file)) return 'M';
  return 'F';
}

/** Ids of the rows that a test names, such as F01. */
export function idsOf(name) {
  return [...new Set(name.match(/\bF\d\d\b/g) ?? [])];
}

/**
 * One verdict for each row and level that the table asks for: passed when all tests of it passed, and one is there.
 * A test that fails at a level that was not asked for counts as well.
 */
export function judge(rows, tests) {
  return rows.flatMap(([id, , , levels]) =>
    levelsOf(id, levels.split(' '), tests).map((level) => {
      const shown = tests.filter((test) => test.level === level && test.ids.includes(id));
      const failed = shown.some(({ status }) => status !== 'passed');
      const seconds = shown.reduce((sum, test) => sum + test.seconds, 0);
      return {
        ...{ id, level, seconds, tests: shown.length },
        outcome: shown.length === 0 ? 'missing' : failed ? 'failed' : 'passed',
      };
    }),
  );
}

function levelsOf(id, asked, tests) {
  const failed = tests.filter(({ ids, status }) => ids.includes(id) && status !== 'passed');
  return [...new Set([...asked, ...failed.map(({ level }) => level)])];
}

function run(project) {
  const report = path.join(REPORTS, `faults-${project}.json`);
  mkdirSync(path.dirname(report), { recursive: true });
  rmSync(report, { force: true });
  say(`${project}: the tests that name a fault ...`);
  spawnSync(
    path.join('node_modules', '.bin', 'vitest'),
    [
      'run',
      '--project',
      project,
      '-t',
      String.raw`\bF\d\d\b`,
      '--reporter=json',
      `--outputFile.json=${report}`,
    ],
    { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] },
  );
  return reported(project, report);
}

/** A file that did not load has no tests in the report, and would be missed by nobody. */
function reported(project, report) {
  if (!existsSync(report)) throw new Error(`the ${project} tests left no report`);
  const { testResults } = JSON.parse(readFileSync(report, 'utf8'));
  const broken = testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0);
  if (broken.length === 0) return testsOf(testResults);
  throw new Error(`no test ran in ${broken.map(({ name }) => path.relative(root, name)).join(', ')}`);
}

function testsOf(testResults) {
  return testResults.flatMap(({ name, assertionResults }) =>
    assertionResults
      .map(({ fullName, status, duration, failureMessages }) => ({
        ...{ level: levelOf(path.relative(root, name)), ids: idsOf(fullName) },
        ...{ name: fullName, why: failureMessages?.join('\n') ?? '' },
        ...{ status, seconds: (duration ?? 0) / 1000 },
      }))
      .filter(({ ids }) => ids.length > 0),
  );
}

/** What a failed test said, short enough for the end of a log. */
function complaint({ name, why }) {
  const said = why.split('\n').filter((text) => !text.includes('node_modules'));
  return [`FAILED: ${name}`, ...said.slice(0, 20)].join('\n    ');
}

function line({ id, level, outcome, seconds, tests }) {
  return `${id}  ${level}  ${MARKS[outcome].padEnd(8)} ${String(tests).padStart(3)} tests ${seconds.toFixed(1).padStart(7)} s`;
}

function page(verdicts) {
  const of = (id, level) => verdicts.find((one) => one.id === id && one.level === level);
  const cell = (id, levels) =>
    levels
      .split(' ')
      .map((level) => `${level} ${MARKS[of(id, level).outcome]}`)
      .join(', ');
  return `# Faults and what must come of them

Written by \`npm run faults -- --write\` from the tests that name each row. U: unit or table; S: a simulated world; M: real PostgreSQL, Redis and queue; F: a real fleet. \`missing\`: no test names the row at this level yet.

| id | fault | what must come of it | shown |
|---|---|---|---|
${ROWS.map(([id, fault, expected, levels]) => `| ${id} | ${fault} | ${expected} | ${cell(id, levels)} |`).join('\n')}
`;
}

async function main(args) {
  if (args.includes('--write') && args.includes('--after-test'))
    throw new Error('--write runs every test itself: a report of before may be of other code');
  await ensure('test');
  const tested = args.includes('--after-test')
    ? TESTED.flatMap((project) => reported(project, path.join(REPORTS, `${project}.json`)))
    : TESTED.flatMap(run);
  const tests = [...tested, ...run('faults')];
  const verdicts = judge(ROWS, tests);
  for (const verdict of verdicts) console.log(line(verdict));
  for (const test of tests) if (test.status === 'failed') console.log(complaint(test));
  if (args.includes('--write')) writeFileSync(path.join(root, 'docs', 'faults.md'), page(verdicts));
  const count = (outcome) => verdicts.filter((verdict) => verdict.outcome === outcome).length;
  console.log(`${count('passed')} passed, ${count('failed')} failed, ${count('missing')} missing`);
  process.exitCode = count('failed') + count('missing') === 0 ? 0 : 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main(process.argv.slice(2));
