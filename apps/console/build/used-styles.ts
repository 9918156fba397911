import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import type { Plugin } from 'vite';

const library = dirname(createRequire(import.meta.url).resolve('@mantine/core/styles.css'));
/** What every component stands on. */
const GROUND = ['baseline.css', 'default-css-variables.css', 'global.css'];
const CLASS = /m_[0-9a-f]{6,}/g;

/** Puts the styles of the components that `source` imports in the place of those of the whole library, in its order. */
export function usedStyles(source: string): Plugin {
  return {
    name: 'used-styles',
    enforce: 'pre',
    transform: (_code, id) =>
      /@mantine\/core\/styles\.css$/.test(id) ? { code: stylesFor(source), map: null } : null,
  };
}

function stylesFor(source: string): string {
  const all = readFileSync(join(library, 'styles.css'), 'utf8');
  const classes = classesOf(filesBehind(namesImportedIn(source)));
  const styles = readdirSync(join(library, 'styles'))
    .filter((name) => !name.endsWith('.layer.css'))
    .map((name) => ({ name, css: readFileSync(join(library, 'styles', name), 'utf8').trim() }))
    .filter(
      ({ name, css }) => GROUND.includes(name) || (css.match(CLASS) ?? []).some((one) => classes.has(one)),
    );
  const lost = styles.find(({ css }) => !all.includes(css));
  if (lost)
    throw new Error(`${lost.name} is not a part of styles.css: its place among the others is not known`);
  return styles
    .toSorted((a, b) => all.indexOf(a.css) - all.indexOf(b.css))
    .map(({ css }) => css)
    .join('\n');
}

function namesImportedIn(folder: string): ReadonlySet<string> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((one) =>
    /\.tsx?$/.test(one),
  );
  const lists = files.flatMap((file) => [
    ...readFileSync(join(folder, file), 'utf8').matchAll(/import \{([^}]*)\} from '@mantine\/core'/g),
  ]);
  const names = lists.flatMap(([, list = '']) =>
    list.split(',').map((one) => one.trim().replace(/ as .*/s, '')),
  );
  return new Set(names.filter((one) => one !== '' && !one.startsWith('type ')));
}

/** The modules of the library that these names come from, and all that those import. */
function filesBehind(names: ReadonlySet<string>): ReadonlySet<string> {
  const index = join(library, 'esm', 'index.mjs');
  const found = new Set<string>();
  const waiting = [...readFileSync(index, 'utf8').matchAll(/import \{([^}]*)\} from "([^"]+)"/g)]
    .filter(([, list = '']) => list.split(',').some((one) => names.has(one.trim().replace(/ as .*/s, ''))))
    .map(([, , file = '']) => resolve(dirname(index), file));
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (found.has(file)) continue;
    found.add(file);
    for (const [, next = ''] of readFileSync(file, 'utf8').matchAll(/ from "(\.[^"]+)"/g)) {
      waiting.push(resolve(dirname(file), next));
    }
  }
  return found;
}

function classesOf(files: ReadonlySet<string>): ReadonlySet<string> {
  const modules = [...files].filter((file) => file.endsWith('.module.mjs'));
  return new Set(modules.flatMap((file) => readFileSync(file, 'utf8').match(CLASS) ?? []));
}
