import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyText, validConfig } from './arbitrary-config.fixture.js';
import { readConfigText, writeConfigText } from './config-text.js';
import type { Directive } from './directive.js';
import { parseFile } from './parse-file.js';
import { piecesOf, printFile } from './pieces.js';

const RUNS = { numRuns: 400 };
const parsed = (content: string) => parseFile({ path: '/etc/nginx/nginx.conf', content });

function everyDirective(directives: readonly Directive[]): Directive[] {
  return directives.flatMap((one) => [one, ...everyDirective(one.block ?? [])]);
}

/** Line and column of an offset, counted without the tokenizer. */
function placeOf(text: string, offset: number): { line: number; column: number } {
  const lines = text.slice(0, offset).split('\n');
  return { line: lines.length, column: (lines.at(-1) ?? '').length + 1 };
}

describe('parsing and printing', () => {
  it('is the identity on every text', () => {
    fc.assert(
      fc.property(fc.oneof(anyText, validConfig), (text) => {
        expect(printFile(parsed(text))).toBe(text);
      }),
      RUNS,
    );
  });

  it('leaves nothing but white space and comments between the pieces of a valid configuration', () => {
    fc.assert(
      fc.property(validConfig, (text) => {
        const file = parsed(text);
        expect(file.problems).toEqual([]);
        for (const piece of piecesOf(file)) {
          if (piece.kind === 'blank') expect(piece.text.replace(/#.*(\n|$)/g, '').trim()).toBe('');
        }
      }),
      RUNS,
    );
  });

  it('reads the same words from what it printed, at the places it names', () => {
    fc.assert(
      fc.property(validConfig, (text) => {
        for (const { words, start, end, line, column } of everyDirective(parsed(text).directives)) {
          expect(placeOf(text, start)).toEqual({ line, column });
          expect(text[end - 1]).toMatch(/[;}]/);
          for (const word of words) {
            const alone = parsed(`x ${text.slice(word.start, word.end)};`);
            expect(alone.directives[0]?.args).toEqual([word.text]);
            expect(placeOf(text, word.start)).toEqual({ line: word.line, column: word.column });
          }
        }
      }),
      RUNS,
    );
  });
});

describe('bytes', () => {
  it('are written back as they were, UTF-8 or not', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const read = readConfigText(bytes);
        const printed = printFile(parsed(read.text));
        expect(writeConfigText({ ...read, text: printed })).toEqual(Uint8Array.from(bytes));
      }),
      RUNS,
    );
  });

  it.each([
    { what: 'UTF-8', bytes: [0x23, 0xc3, 0xa9], encoding: 'utf-8', text: '#é' },
    { what: 'Latin-1', bytes: [0x23, 0xe9], encoding: 'bytes', text: '#é' },
    { what: 'a byte order mark', bytes: [0xef, 0xbb, 0xbf, 0x61], encoding: 'utf-8', text: '\uFEFFa' },
  ])('are read as $what', ({ bytes, encoding, text }) => {
    expect(readConfigText(Uint8Array.from(bytes))).toEqual({ encoding, text });
  });
});
