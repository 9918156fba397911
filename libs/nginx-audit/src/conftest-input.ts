import type { Directive, NginxConfig } from './directive.js';
import { MISSING_INCLUDE } from './include-tree.js';

/** A directive as Conftest's nginx parser hands it to a policy, quotes on, and where it stands. */
export interface ConftestDirective {
  readonly name: string;
  readonly parameters?: readonly string[];
  readonly block?: { readonly directives: readonly ConftestDirective[] };
  /** Path as `nginx -T` names it. */
  readonly file: string;
  readonly line: number;
}

/**
 * A whole configuration in the shape of Conftest's nginx parser, for `conftest test --parser json`: what is included
 * stands in the place of its include, and only an include whose file is not at hand is left.
 */
export function conftestInput({ files, directives, problems }: NginxConfig): {
  readonly directives: readonly ConftestDirective[];
} {
  const texts = new Map(files.map(({ path, content }) => [path, content]));
  const left = new Set(problems.filter(({ message }) => MISSING_INCLUDE.test(message)).map(placeOf));
  const shaped = (all: readonly Directive[]): ConftestDirective[] =>
    all
      .filter((one) => one.name !== 'include' || left.has(placeOf(one)))
      .map((directive) => {
        const { file, line, block } = directive;
        const text = texts.get(file) ?? '';
        const [name = '', ...parameters] = directive.words.map(({ start, end }) => text.slice(start, end));
        return {
          name,
          ...(parameters.length > 0 ? { parameters } : {}),
          ...(block === null ? {} : { block: { directives: shaped(block) } }),
          ...{ file, line },
        };
      });
  return { directives: shaped(directives) };
}

function placeOf({ file, line, column }: { file: string; line: number; column: number }): string {
  return `${line}:${column} ${file}`;
}
