// A copy of the working tree to make mistakes in: the tree itself is never touched, so nothing has to be restored.
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** What git knows and what it does not ignore, with the installed packages linked in. */
export function copyTree(root) {
  const copy = mkdtempSync(path.join(tmpdir(), 'windlass-mutation-'));
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
  });
  for (const file of listed.split('\0').filter((name) => name && existsSync(path.join(root, name)))) {
    mkdirSync(path.dirname(path.join(copy, file)), { recursive: true });
    cpSync(path.join(root, file), path.join(copy, file));
  }
  symlinkSync(path.join(root, 'node_modules'), path.join(copy, 'node_modules'));
  return copy;
}

export function removeTree(copy) {
  rmSync(copy, { recursive: true, force: true });
}

/** Makes the edits; returns what takes them back. Throws where a text is not there exactly once. */
export function apply(copy, edits) {
  const before = new Map();
  for (const { file, from, to } of edits) {
    const name = path.join(copy, file);
    const text = readFileSync(name, 'utf8');
    if (!before.has(name)) before.set(name, text);
    if (text.split(from).length !== 2)
      throw new Error(`${file} does not hold this text exactly once:\n${from}`);
    writeFileSync(
      name,
      text.replace(from, () => to),
    );
  }
  return () => {
    for (const [name, text] of before) writeFileSync(name, text);
  };
}
