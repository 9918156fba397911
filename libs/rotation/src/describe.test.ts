import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { describeRotation } from './describe.js';
import { LIVES, statesOf } from './lives.fixture.js';
import { replay } from './reduce.js';

describe('a rotation that is folded elsewhere', () => {
  it.each(LIVES.map((life, place) => [place, life] as const))('reads the same, life %i', (_place, make) => {
    const life = make();
    const here = statesOf(life).at(-1);
    const there = replay(JSON.parse(JSON.stringify(life.entries)));
    expect(here && describeRotation(here)).toEqual(there && describeRotation(there));
  });

  it('tells of each host where it is', () => {
    const [life = () => expect.unreachable()] = LIVES;
    const ended = statesOf(life()).at(-1);
    const told = ended && describeRotation(ended);
    expect(told?.hosts.map(({ name, wave, batch, fleetId }) => ({ name, wave, batch, fleetId }))).toEqual([
      { name: 'host-a', wave: 0, batch: 0, fleetId: 'f1' },
      { name: 'host-b', wave: 1, batch: 1, fleetId: 'f1' },
      { name: 'host-c', wave: 1, batch: 1, fleetId: 'f1' },
    ]);
    expect(told?.generations.old).toMatchObject({ id: 'g1' });
    expect(told).toMatchObject({ status: 'succeeded', phase: 'done', otherFleets: [] });
  });
});

/** The one module that a bundle has to bring, with SHA-256. */
const HASH = `declare module 'node:crypto' {
  export function createHash(algorithm: 'sha256'): {
    update(text: string | Uint8Array): { digest(encoding: 'hex'): string };
  };
}`;

it('needs nothing that a browser does not have, but for a hash', () => {
  const options: ts.CompilerOptions = {
    ...{ types: [], lib: ['lib.es2023.d.ts'], noEmit: true, noResolve: false },
    ...{ module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext },
    ...{ target: ts.ScriptTarget.ES2023, strict: true, skipLibCheck: true, isolatedModules: true },
  };
  const host = ts.createCompilerHost(options);
  const [read, exists] = [host.getSourceFile.bind(host), host.fileExists.bind(host)];
  host.fileExists = (name) => name === 'hash.d.ts' || exists(name);
  host.getSourceFile = (name, languageVersion) =>
    name === 'hash.d.ts' ? ts.createSourceFile(name, HASH, languageVersion) : read(name, languageVersion);
  const program = ts.createProgram(['libs/rotation/src/index.ts', 'hash.d.ts'], options, host);
  const own = program.getSourceFiles().filter(({ fileName }) => !fileName.includes('node_modules'));
  expect(
    own.map(({ fileName }) => fileName).filter((name) => !/libs\/rotation\/|hash\.d\.ts/.test(name)),
  ).toEqual([]);
  const complaints = own.flatMap((file) => [
    ...program.getSyntacticDiagnostics(file),
    ...program.getSemanticDiagnostics(file),
  ]);
  expect(
    complaints.map(({ messageText, file }) => `${file?.fileName}: ${JSON.stringify(messageText)}`),
  ).toEqual([]);
});
