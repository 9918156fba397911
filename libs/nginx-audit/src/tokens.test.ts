import { describe, expect, it } from 'vitest';
import { tokens } from './tokens.js';

/** Words in brackets, stops as they are written, `!` for what is broken. */
function read(content: string): string {
  const marks = { end: ';', open: '{', close: '}', broken: '!', code: '~' } as const;
  return tokens(content)
    .map((token) => (token.kind === 'word' ? `[${token.text}]` : marks[token.kind]))
    .join('');
}

describe('words and stops', () => {
  it.each([
    { what: 'a simple directive', content: 'worker_processes 4;', tokens: '[worker_processes][4];' },
    { what: 'stops without spaces', content: 'http{server{}}', tokens: '[http]{[server]{}}' },
    { what: 'all kinds of white space', content: '\ta \r\n b\n;', tokens: '[a][b];' },
    { what: 'nothing', content: ' \n', tokens: '' },
    { what: 'a word at the end of the file', content: 'user', tokens: '[user]' },
    { what: 'a brace that closes nothing within a word', content: 'a b}c;', tokens: '[a][b}c];' },
  ])('$what', ({ content, tokens }) => {
    expect(read(content)).toBe(tokens);
  });
});

describe('comments', () => {
  it.each([
    { what: 'end with their line', content: '# a; {\nb; # c', tokens: '[b];' },
    { what: 'start between words only', content: 'a b#c;', tokens: '[a][b#c];' },
    { what: 'are none within quotes', content: 'a "# b";', tokens: '[a][# b];' },
    { what: 'may hold quotes', content: "# don't\na;", tokens: '[a];' },
  ])('$what', ({ content, tokens }) => {
    expect(read(content)).toBe(tokens);
  });
});

describe('quotes and escapes', () => {
  it.each([
    { what: 'double quotes keep spaces and stops', content: 'a "b ; { } c";', tokens: '[a][b ; { } c];' },
    { what: 'single quotes as well', content: 'a \'b "c"\';', tokens: '[a][b "c"];' },
    { what: 'quotes hold line breaks', content: 'a "b\nc";', tokens: '[a][b\nc];' },
    { what: 'an empty argument', content: 'ssl_crl "";', tokens: '[ssl_crl][];' },
    { what: 'quotes within a word are characters', content: 'a b"c d;', tokens: '[a][b"c][d];' },
    { what: 'escaped quotes', content: 'a "b\\"c" \'d\\\'e\';', tokens: '[a][b"c][d\'e];' },
    { what: 'escapes that nginx knows', content: 'a b\\tc "d\\\\e";', tokens: '[a][b\tc][d\\e];' },
    { what: 'escapes that it does not', content: 'a ^\\d+\\.html$;', tokens: '[a][^\\d+\\.html$];' },
    { what: 'an escaped space belongs to the word', content: 'a b\\ c;', tokens: '[a][b\\ c];' },
    { what: 'a parenthesis behind a quote', content: 'if ($a = "b") {', tokens: '[if][($a][=][b][)]{' },
    { what: 'a brace behind a quote', content: 'location "/a"{', tokens: '[location][/a]{' },
  ])('$what', ({ content, tokens }) => {
    expect(read(content)).toBe(tokens);
  });

  it.each([
    { what: 'a quote that is never closed', content: 'a "b;\nc;', tokens: '[a]!' },
    { what: 'a word glued to a quote', content: 'a "b"c;', tokens: '[a][b]![c];' },
  ])('tells of $what', ({ content, tokens }) => {
    expect(read(content)).toBe(tokens);
  });
});

describe('variables', () => {
  it.each([
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is nginx that reads it
    { what: 'the brace of a variable is no block', content: 'a ${b}c;', tokens: '[a][${b}c];' },
    { what: 'a variable without braces', content: 'set $a $b;', tokens: '[set][$a][$b];' },
    { what: 'a block behind a variable and a space', content: 'map $a $b {', tokens: '[map][$a][$b]{' },
    { what: 'an escaped dollar starts no variable', content: 'a \\${', tokens: '[a][\\$]{' },
  ])('$what', ({ content, tokens }) => {
    expect(read(content)).toBe(tokens);
  });
});

describe('lines', () => {
  it('counts from 1, through comments and quotes', () => {
    const found = tokens('a;\n# comment\nb "c\nd" e;\r\nf;');
    expect(found.map((token) => ('text' in token ? `${token.text.slice(0, 1)}${token.line}` : ''))).toEqual([
      'a1',
      '',
      'b3',
      'c3',
      'e4',
      '',
      'f5',
      '',
    ]);
  });

  it('names the line where a quote was opened', () => {
    expect(tokens('a;\nb "c\nd\n')).toContainEqual({
      kind: 'broken',
      reason: 'a quote is not closed',
      ...{ line: 2, column: 3, start: 5, end: 10 },
    });
  });
});
