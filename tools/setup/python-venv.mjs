// Python programs of the tests live in environments of their own, so that they and the machine's leave each other alone.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { runCommand } from './run-command.mjs';

/** Such as `3.11.2`; empty without a Python, and without what it takes to make an environment (Debian: python3-venv). */
export function pythonVersion() {
  const code = 'import platform, ensurepip; print(platform.python_version())';
  const { stdout } = spawnSync('python3', ['-c', code], { encoding: 'utf8' });
  return (stdout ?? '').trim();
}

export function pythonIn(folder) {
  return path.join(folder, 'bin', 'python');
}

/**
 * Makes an environment in `folder` with what `pip install` is told. Without bytecode: most of it is never imported. A
 * folder that is renamed later is called by `python -m`. Throws an Error with what the failed command said.
 */
export function makeVenv(folder, ...wanted) {
  runCommand('python3', ['-m', 'venv', folder]);
  const quiet = ['--quiet', '--no-input', '--no-compile', '--disable-pip-version-check'];
  runCommand(pythonIn(folder), ['-m', 'pip', 'install', ...quiet, ...wanted]);
}
