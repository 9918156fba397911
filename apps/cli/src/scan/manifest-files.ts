import { type Dirent, readdirSync, type Stats, statSync } from 'node:fs';
import path from 'node:path';
import { type DumpedFile, readConfigText } from '#nginx-audit';
import { shown } from '../findings/conclude.js';
import { readBytes } from '../findings/read-bytes.js';

/** How findings name what came from standard input. */
const STANDARD_INPUT = 'standard-input.yaml';
const MANIFEST = /\.(ya?ml|json)$/;

/** Reads files, folders and standard input, each file once. Throws RangeError that names what cannot be read. */
export function manifestFiles(paths: readonly string[]): readonly DumpedFile[] {
  const files = new Set(paths.flatMap((one) => (one === '-' ? one : filesAt(path.resolve(one)))));
  return [...files].map((file) => ({
    path: file === '-' ? STANDARD_INPUT : shown(file),
    content: readConfigText(readBytes(file === '-' ? 0 : file)).text,
  }));
}

/** A file whatever its name, or all manifests below a folder. */
function filesAt(place: string): readonly string[] {
  if (statsOf(place)?.isDirectory() !== true) return [place];
  const files = filesBelow(place);
  if (files.length === 0) throw new RangeError(`there is no .yaml, .yml or .json file below ${shown(place)}`);
  return files;
}

/** Links to folders are not followed: they may lead back. Hidden folders and what npm installs are nobody's manifests. */
function filesBelow(folder: string): readonly string[] {
  return entriesOf(folder).flatMap((entry) => {
    const place = path.join(folder, entry.name);
    if (entry.isDirectory()) {
      return entry.name.startsWith('.') || entry.name === 'node_modules' ? [] : filesBelow(place);
    }
    return MANIFEST.test(entry.name) && isFile(place) ? [place] : [];
  });
}

function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    throw unreadable(folder, error);
  }
}

function isFile(place: string): boolean {
  return statsOf(place)?.isFile() ?? false;
}

/** Undefined where there is nothing. */
function statsOf(place: string): Stats | undefined {
  try {
    return statSync(place, { throwIfNoEntry: false });
  } catch (error) {
    throw unreadable(place, error);
  }
}

function unreadable(place: string, error: unknown): RangeError {
  return new RangeError(`${shown(place)} cannot be read: ${error instanceof Error ? error.message : error}`);
}
