import path from 'node:path';
import ts from 'typescript';
import { type Reader, readersOf } from './page-readers.js';
import { callsIn, literalsIn, textOf } from './test-source.js';

/** That a test types commands of a section, which it reads from the page. */
export interface TypedSection {
  readonly test: string;
  /** A page, or a folder of pages. */
  readonly page: string;
  /** Null: every section. Backticks do not count, and a code in them stands for a heading that has it. */
  readonly heading: string | null;
  /** Which of the blocks of the section, from 0; null: all. */
  readonly block: number | null;
}

/**
 * What tests type, derived from their source: every call of what reads a page (see readersOf). A heading that is made
 * while a test runs stands for every literal of the tests in that folder, as where tests go through a list.
 */
export function typedSections(sources: Readonly<Record<string, string>>): TypedSection[] {
  const names = Object.keys(sources);
  const trees = new Map<string, ts.SourceFile>();
  const treeOf = (name: string) => {
    const tree = trees.get(name) ?? parsed(name, sources[name] ?? '');
    trees.set(name, tree);
    return tree;
  };
  const treesOf = (isOne: (name: string) => boolean) => names.filter(isOne).map(treeOf);
  const says = (words: readonly string[]) => (name: string) =>
    words.some((word) => sources[name]?.includes(word));
  const readers = readersOf(treesOf(says(['runbookCommands'])));
  const beside = ({ fileName }: ts.SourceFile) =>
    treesOf((name) => path.dirname(name) === path.dirname(fileName));
  return treesOf(says([...readers.keys()])).flatMap((tree) =>
    callsIn(tree).flatMap((call) => sectionsOf(tree, call, readers, beside)),
  );
}

const parsed = (name: string, text: string) => ts.createSourceFile(name, text, ts.ScriptTarget.ES2023, true);

function sectionsOf(
  tree: ts.SourceFile,
  call: ts.CallExpression,
  readers: ReadonlyMap<string, Reader>,
  beside: (tree: ts.SourceFile) => readonly ts.SourceFile[],
): TypedSection[] {
  const reader = readers.get(call.expression.getText());
  if (reader === undefined) return [];
  const test = tree.fileName;
  const page = reader.page ?? textOf(call.arguments[0], tree);
  if (page === null) return [];
  if (reader.headingAt === null) return [{ test, page, heading: null, block: null }];
  const given = call.arguments[reader.headingAt];
  const heading = textOf(given, tree);
  if (heading !== null) return blocksOf(call).map((block) => ({ test, page, heading, block }));
  if (given === undefined || isParameterOfReader(call, readers)) return [];
  return beside(tree).flatMap((other) =>
    literalsIn(other).map((literal) => ({ test: other.fileName, page, heading: literal, block: null })),
  );
}

/** `read(...)[1]` and `const [first] = read(...)` take some of the blocks; whatever else is done takes all. */
function blocksOf(call: ts.CallExpression): (number | null)[] {
  const { parent } = call;
  if (ts.isElementAccessExpression(parent) && ts.isNumericLiteral(parent.argumentExpression))
    return [Number(parent.argumentExpression.text)];
  if (ts.isVariableDeclaration(parent) && ts.isArrayBindingPattern(parent.name))
    return parent.name.elements.flatMap((one, index) => (ts.isOmittedExpression(one) ? [] : index));
  return [null];
}

/** A call that makes a reader of its own reads nothing yet. */
function isParameterOfReader(call: ts.CallExpression, readers: ReadonlyMap<string, Reader>): boolean {
  return [...readers.values()].some(({ madeBy }) => madeBy === call);
}
