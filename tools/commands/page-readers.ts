import ts from 'typescript';
import { callsIn, textOf } from './test-source.js';

/** A function with which tests read commands from a page. */
export interface Reader {
  /** Null: its first argument says which. */
  readonly page: string | null;
  /** Which argument is the heading; null: it reads whole pages. */
  readonly headingAt: number | null;
  /** The call in it that reads; null for what test/kit/runbook.ts has. */
  readonly madeBy: ts.CallExpression | null;
}

const KIT: readonly (readonly [string, Reader])[] = [
  ['runbookCommands', { page: null, headingAt: 1, madeBy: null }],
  ['commandSections', { page: null, headingAt: null, madeBy: null }],
  ['documentedPages', { page: null, headingAt: null, madeBy: null }],
];

/**
 * Those of the kit, and what tests made of them for one page, by their names:
 * `const commands = (heading: string) => runbookCommands('docs/page.md', heading)`.
 */
export function readersOf(trees: readonly ts.SourceFile[]): ReadonlyMap<string, Reader> {
  const made = trees.flatMap((tree) => callsIn(tree).flatMap((call) => readerAround(tree, call) ?? []));
  return new Map([...KIT, ...made.map(({ name, reader }) => [name, reader] as const)]);
}

function readerAround(tree: ts.SourceFile, call: ts.CallExpression) {
  if (call.expression.getText() !== 'runbookCommands') return null;
  const maker = ts.findAncestor(call, (node) => ts.isArrowFunction(node) || ts.isFunctionDeclaration(node));
  const page = textOf(call.arguments[0], tree);
  if (!maker || page === null) return null;
  const { parameters } = maker as ts.SignatureDeclaration;
  const headingAt = parameters.findIndex(({ name }) => name.getText() === call.arguments[1]?.getText());
  const named = ts.isArrowFunction(maker) ? maker.parent : maker;
  const name = (named as ts.NamedDeclaration).name?.getText();
  return headingAt < 0 || name === undefined ? null : { name, reader: { page, headingAt, madeBy: call } };
}
