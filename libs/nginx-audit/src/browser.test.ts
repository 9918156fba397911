import ts from 'typescript';
import { expect, it, vi } from 'vitest';

vi.setConfig({ testTimeout: 60_000 });

it('needs nothing that a browser does not have', () => {
  const program = ts.createProgram(['libs/nginx-audit/src/index.ts'], {
    ...{ types: [], lib: ['lib.es2023.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'], noEmit: true },
    ...{ module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext },
    ...{ target: ts.ScriptTarget.ES2023, strict: true, skipLibCheck: true, isolatedModules: true },
  });
  const own = program.getSourceFiles().filter(({ fileName }) => fileName.includes('libs/nginx-audit/'));
  expect(own.length).toBeGreaterThan(20);
  const complaints = own.flatMap((file) => [
    ...program.getSyntacticDiagnostics(file),
    ...program.getSemanticDiagnostics(file),
  ]);
  expect(
    complaints.map(({ messageText, file }) => `${file?.fileName}: ${JSON.stringify(messageText)}`),
  ).toEqual([]);
});
