#!/usr/bin/env node
// `npm run mutate [-- <word>]`: makes one mistake after another in copies of the tree, one copy a core, and runs the
// test that must find it. The last line is `N killed, N survived`; 1 when one survived, 2 when the tests are red
// without a mistake.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { apply, copyTree, removeTree } from './copy.mjs';
import { MUTATIONS } from './mutations.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const LONGEST_RUN_MS = 300_000;

const running = new Set();

/** Names of the tests that failed, or null when the run gave no answer. */
async function failing(copy, args) {
  const report = path.join(copy, 'report.json');
  rmSync(report, { force: true });
  const vitest = path.join('node_modules', '.bin', 'vitest');
  const reporter = ['--reporter=json', `--outputFile=${report}`];
  await finished(
    spawn(vitest, ['run', ...args, ...reporter], { cwd: copy, stdio: 'ignore', detached: true }),
  );
  if (!existsSync(report)) return null;
  const { testResults, numTotalTests, numPendingTests } = JSON.parse(readFileSync(report, 'utf8'));
  if (numTotalTests === numPendingTests) return null;
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
  return tests.filter(({ status }) => status === 'failed').map(({ fullName }) => fullName);
}

function finished(child) {
  running.add(child);
  const clock = setTimeout(() => stop(child), LONGEST_RUN_MS);
  return new Promise((resolve) => {
    child.once('close', () => {
      clearTimeout(clock);
      running.delete(child);
      resolve();
    });
  });
}

/** With all its workers: it leads a process group of its own. */
function stop(child) {
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

async function verdict(copy, { edits, test, expect }) {
  const restore = apply(copy, edits);
  try {
    const names = await failing(copy, test);
    if (names === null) return { killed: false, says: 'SURVIVED: the tests gave no answer' };
    const killer = names.find((name) => expect.test(name));
    if (killer) return { killed: true, says: `killed by "${killer}"` };
    const others = names.length > 0 ? `, though "${names[0]}" failed` : '';
    return { killed: false, says: `SURVIVED ${expect}${others}` };
  } finally {
    restore();
  }
}

/** Takes the jobs in turn, one at a time in each copy. */
async function share(copies, jobs, work) {
  const left = [...jobs];
  await Promise.all(
    copies.map(async (copy) => {
      for (let job = left.shift(); job !== undefined; job = left.shift()) await work(copy, job);
    }),
  );
}

/** What fails without any mistake could not tell that it found one. */
async function redWithout(copies, mutations) {
  const runs = new Map(mutations.map(({ test }) => [test.join(' '), test]));
  const red = [];
  await share(copies, runs, async (copy, [line, args]) => {
    const names = await failing(copy, args);
    if (names === null || names.length > 0) red.push(`${line}: ${names?.[0] ?? 'no test ran'}`);
  });
  return red;
}

async function judged(copies, mutations) {
  const red = await redWithout(copies, mutations);
  if (red.length > 0) {
    console.error(`without any mistake: ${red.join('; ')}`);
    return 2;
  }
  let killed = 0;
  await share(copies, mutations, async (copy, mutation) => {
    const found = await verdict(copy, mutation);
    if (found.killed) killed += 1;
    console.log(`${mutation.name}: ${found.says}`);
  });
  console.log(`${killed} killed, ${mutations.length - killed} survived`);
  return killed === mutations.length && killed > 0 ? 0 : 1;
}

async function main([word = '']) {
  const mutations = MUTATIONS.filter(({ name }) => name.includes(word));
  const copies = [];
  const remove = () => {
    running.forEach(stop);
    copies.forEach(removeTree);
  };
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.once(signal, () => {
      remove();
      process.exit(130);
    });
  }
  try {
    while (copies.length < Math.min(availableParallelism(), mutations.length)) copies.push(copyTree(root));
    return await judged(copies, mutations);
  } finally {
    remove();
  }
}

process.exitCode = await main(process.argv.slice(2));
