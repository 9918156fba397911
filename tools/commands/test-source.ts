import ts from 'typescript';

export function callsIn(tree: ts.SourceFile): ts.CallExpression[] {
  return nodesOf(tree).filter(ts.isCallExpression);
}

export function literalsIn(tree: ts.SourceFile): string[] {
  return [...new Set(nodesOf(tree).flatMap((node) => (ts.isStringLiteralLike(node) ? node.text : [])))];
}

/** What a literal says, or the constant of this name that stands last before it; null for anything else. */
export function textOf(node: ts.Expression | undefined, tree: ts.SourceFile): string | null {
  if (node === undefined) return null;
  if (ts.isStringLiteralLike(node)) return node.text;
  const named = nodesOf(tree).findLast(
    (one): one is ts.VariableDeclaration =>
      ts.isVariableDeclaration(one) &&
      one.pos < node.pos &&
      one.name.getText() === node.getText() &&
      isConstant(one),
  );
  const { initializer } = named ?? {};
  return initializer && ts.isStringLiteralLike(initializer) ? initializer.text : null;
}

function isConstant(declared: ts.VariableDeclaration): boolean {
  return (declared.parent.flags & ts.NodeFlags.Const) !== 0;
}

function nodesOf(tree: ts.SourceFile): ts.Node[] {
  const found: ts.Node[] = [];
  const visit = (node: ts.Node): void => {
    found.push(node);
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}
