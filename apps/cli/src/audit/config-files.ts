import { readdirSync, realpathSync, renameSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import {
  type ConfigSource,
  type ConfigText,
  type DumpedFile,
  dumpedFiles,
  globTest,
  isDump,
  isGlob,
  type NginxConfig,
  parseIncludeTree,
  readConfigText,
  sourceOf,
  writeConfigText,
} from '#nginx-audit';
import { readBytes } from '../findings/read-bytes.js';

/** Where a text from standard input is taken to stand. */
const STANDARD_INPUT = '/etc/nginx/nginx.conf';

/** A configuration as it was read, and how to write it back. */
export interface ReadConfig {
  /** Path of the main file. */
  readonly main: string;
  readonly config: NginxConfig;
  /** `nginx -T`, or a text from standard input: its paths are not of this machine. */
  readonly isForeign: boolean;
  /** It came as `nginx -T` prints it. */
  readonly wasDump: boolean;
}

/** Reads configurations, and remembers how their bytes were read. Paths are absolute below the root. */
export class ConfigFiles {
  readonly #encodings = new Map<string, ConfigText['encoding']>();
  readonly #root: string;

  /** `root`: the folder that `/` of the configuration stands for; null for this machine's own. */
  constructor(root: string | null) {
    this.#root = root === null ? '' : path.resolve(root).replace(/\/$/, '');
  }

  /** Throws RangeError when the file cannot be read; what it includes may be missing. */
  read(file: string): ReadConfig {
    const main = file === '-' ? STANDARD_INPUT : this.#below(path.resolve(file));
    const { text, encoding } = readConfigText(readBytes(file === '-' ? 0 : file));
    if (isDump(text)) {
      const files = dumpedFiles(text);
      const first = files[0]?.path ?? main;
      return {
        main: first,
        config: parseIncludeTree(first, sourceOf(files)),
        isForeign: true,
        wasDump: true,
      };
    }
    this.#encodings.set(main, encoding);
    const isForeign = file === '-';
    const source = isForeign ? sourceOf([{ path: main, content: text }]) : this.#source(main, text);
    return { main, config: parseIncludeTree(main, source), isForeign, wasDump: false };
  }

  /** By a new file and a rename: nginx never reads half of it. */
  write({ path: file, content }: DumpedFile): void {
    const place = realpathSync(this.place(file));
    const partial = `${place}.windlass-${process.pid}`;
    const encoding = this.#encodings.get(file) ?? 'utf-8';
    writeFileSync(partial, writeConfigText({ text: content, encoding }), { mode: statSync(place).mode });
    renameSync(partial, place);
  }

  /** Where a path of the configuration is on this machine: never outside of the root, whatever `..` it has. */
  place(file: string): string {
    return `${this.#root}${path.posix.normalize(file)}`;
  }

  /** The text of a file beside the configuration, such as a bundle; null when it cannot be read. */
  text(file: string): string | null {
    try {
      return readConfigText(readBytes(this.place(file))).text;
    } catch {
      return null;
    }
  }

  #source(main: string, text: string): ConfigSource {
    return {
      text: (file) => (file === main ? text : this.#included(file)),
      matching: (pattern) => matching(this.place(pattern)).map((place) => place.slice(this.#root.length)),
    };
  }

  #included(file: string): string | null {
    try {
      const { text, encoding } = readConfigText(readBytes(this.place(file)));
      this.#encodings.set(file, encoding);
      return text;
    } catch {
      return null;
    }
  }

  #below(file: string): string {
    if (this.#root !== '' && !file.startsWith(`${this.#root}/`)) {
      throw new RangeError(`${file} is not below --root ${this.#root}`);
    }
    return file.slice(this.#root.length);
  }
}

/** glob(3), level by level, on this machine's folders. */
function matching(pattern: string): string[] {
  const levels = pattern.split('/').slice(1);
  return levels
    .reduce<string[]>(
      (folders, level) =>
        folders.flatMap((folder) =>
          (isGlob(level) ? entries(folder).filter(globTest(level)) : [level]).map(
            (name) => `${folder}/${name}`,
          ),
        ),
      [''],
    )
    .filter((file) => statSync(file, { throwIfNoEntry: false })?.isFile() ?? false);
}

function entries(folder: string): string[] {
  try {
    return readdirSync(folder === '' ? '/' : folder);
  } catch {
    return [];
  }
}
