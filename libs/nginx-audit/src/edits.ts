import type { Directive, DumpedFile } from './directive.js';
import type { EffectiveServer } from './effective-server.js';
import type { Edit } from './rule.js';

/** What a rule needs to write edits: the texts of the files. */
export interface Texts {
  source(file: string): string;
  /** How its lines end: LF, or CR LF. */
  eol(file: string): string;
}

/** Puts other arguments in the place of those that a simple directive has, or of its words from `first` on. */
export function withArguments(directive: Directive, text: string, first = 1): Edit {
  const from = directive.words[first];
  const last = directive.words.at(-1);
  const start = from?.start ?? last?.end ?? directive.start;
  return {
    ...{ file: directive.file, start, end: Math.max(start, last?.end ?? start) },
    text: from === undefined ? ` ${text}` : text,
  };
}

/** Puts something in the place of one word. */
export function withWord(directive: Directive, index: number, text: string): Edit[] {
  const word = directive.words[index];
  return word === undefined ? [] : [{ file: directive.file, start: word.start, end: word.end, text }];
}

/** Takes one argument out, with the white space before it. */
export function withoutWord(directive: Directive, index: number): Edit[] {
  const word = directive.words[index];
  const before = directive.words[index - 1];
  if (word === undefined || before === undefined) return [];
  return [{ file: directive.file, start: before.end, end: word.end, text: '' }];
}

/** Takes a directive out, and its line where nothing else stands on it. */
export function without(texts: Texts, directive: Directive): Edit {
  const { file, start, end } = directive;
  const content = texts.source(file);
  const lineStart = lineStartOf(directive);
  const rest = restOfLine(content, end);
  const isAlone =
    rest?.comment === false && rest.end < content.length && isBlank(content.slice(lineStart, start));
  return isAlone ? { file, start: lineStart, end: rest.end + 1, text: '' } : { file, start, end, text: '' };
}

/** Puts lines behind a directive, indented as it is; on its own line where something follows it there. */
export function behind(texts: Texts, anchor: Directive, lines: readonly string[]): Edit {
  const { file, end } = anchor;
  const content = texts.source(file);
  const rest = restOfLine(content, end);
  if (rest === null) return { file, start: end, end, text: lines.map((one) => ` ${one}`).join('') };
  const at = content[rest.end - 1] === '\r' ? rest.end - 1 : rest.end;
  const indent = indentOf(content, anchor);
  return { file, start: at, end: at, text: lines.map((one) => `${texts.eol(file)}${indent}${one}`).join('') };
}

/** Puts lines before a directive, each on a line of its own. */
export function before(texts: Texts, directive: Directive, lines: readonly string[]): Edit {
  const { file, start } = directive;
  const indent = indentOf(texts.source(file), directive);
  return { file, start, end: start, text: lines.map((one) => `${one}${texts.eol(file)}${indent}`).join('') };
}

/** Puts lines at the top of a block. */
export function atTop(texts: Texts, block: Directive, lines: readonly string[]): Edit {
  const { file } = block;
  const content = texts.source(file);
  const at = block.body?.start ?? block.end;
  const start = `${texts.eol(file)}${indentOf(content, block)}    `;
  const text = lines.map((one) => `${start}${one}`).join('');
  return { file, start: at, end: at, text: restOfLine(content, at) === null ? `${text}${start}` : text };
}

/** Says something in a server: where it says otherwise already, or else behind what belongs to it. */
export function setInServer(texts: Texts, server: EffectiveServer, name: string, value: string): Edit {
  const own = server.own.first(name);
  if (own !== null && own.block === null) return withArguments(own, value);
  return inServer(texts, server, [`${name} ${value};`]);
}

const HOME = /^(listen|server_name|ssl_\w+)$/;

/** Puts lines into a server, behind the last of the directives that they belong to. */
export function inServer(texts: Texts, server: EffectiveServer, lines: readonly string[]): Edit {
  const { directive, own } = server;
  const anchor = own.directives.findLast(
    ({ file, name, block, start }) =>
      block === null && file === directive.file && HOME.test(name) && start > directive.start,
  );
  return anchor === undefined ? atTop(texts, directive, lines) : behind(texts, anchor, lines);
}

/** The files with the edits made. Edits may not overlap; those at one place keep their order. */
export function applyEdits(files: readonly DumpedFile[], edits: readonly Edit[]): DumpedFile[] {
  return files.map(({ path, content }) => {
    const own = edits.filter(({ file }) => file === path).toSorted((a, b) => a.start - b.start);
    const parts: string[] = [];
    let at = 0;
    for (const { start, end, text } of own) {
      parts.push(content.slice(at, start), text);
      at = end;
    }
    return { path, content: parts.join('') + content.slice(at) };
  });
}

function lineStartOf({ start, column }: Directive): number {
  return start - column + 1;
}

function indentOf(content: string, directive: Directive): string {
  let end = lineStartOf(directive);
  while (end < directive.start && ' \t'.includes(content[end] ?? 'x')) end += 1;
  return content.slice(lineStartOf(directive), end);
}

/** Where the line ends when only white space or a comment is left of it, else null. */
function restOfLine(content: string, from: number): { end: number; comment: boolean } | null {
  let at = from;
  while (' \t\r'.includes(content[at] ?? '\n')) at += 1;
  if (at >= content.length || content[at] === '\n') return { end: at, comment: false };
  if (content[at] !== '#') return null;
  const newline = content.indexOf('\n', at);
  return { end: newline === -1 ? content.length : newline, comment: true };
}

function isBlank(text: string): boolean {
  return text.trim() === '';
}
