import { startsPrivateKey } from './key-bytes.js';

/** What stands where key material stood. No base64, so that it is never taken for a part of a key. */
export const MASK = '(masked-private-key)';
/** The same where base64 has to stay base64, as in a Secret: `masked-private-key`. */
export const MASK_IN_BASE64 = 'bWFza2VkLXByaXZhdGUta2V5';

/** Puts `insert` in the place of what stands between two offsets of a text. */
export interface Masking {
  readonly from: number;
  readonly to: number;
  readonly insert: string;
}

/** PEM of every kind (RFC 7468, OpenSSH, SSH2, PGP), and PuTTY's files. Dashes that were not selected may lack. */
const HEADER = /BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?[ -]*|Private-Lines:[^\n]*/g;
const FOOTER = /END [A-Z0-9 ]{0,40}PRIVATE KEY/g;
const NEXT_HEADER = /BEGIN [A-Z0-9]/g;
/** Of a header or footer, with a blank. */
const MOST_DASHES = 6;
/** Characters: an RSA key of 16,384 bits takes 13,000. */
export const MOST_OF_A_KEY = 20_000;
/**
 * One line of the inside of a key, as PEM writes it or with the line breaks of JSON; also one that was commented out,
 * or stands in a difference or a list. Used at a place.
 */
const INSIDE =
  /[ \t\u00a0]+|\r?\n|\r|\\+[rn]|[#>*|-]{1,3}(?=[ \t\u00a0]*(?:[A-Za-z0-9+/]*={0,2}[ \t]*(?:[\r\n]|$)|Proc-Type:|DEK-Info:))|\(masked-private-key\)[^\n"'`\\]*|[A-Za-z0-9+/=]+(?=[ \t]*(?:[\r\n]|\\+[rn]|["'`]|$))|(?:Proc-Type|DEK-Info|Comment|Subject|Version|Hash|X-[\w-]{1,40}): [^\n]*/y;
/** What may stand around the inside of a key and is none of it: a comment stays one. */
const AROUND = /[\s#>*|-]|\\[rn]/;
const DASHES = /[- ]/;
/** Lines of nothing but base64, those behind the first indented as they like. */
const BASE64 =
  /[A-Za-z0-9+/]{24,}={0,2}(?:(?:\r?\n[ \t]*|\\r\\n|\\n)[A-Za-z0-9+/]{4,}={0,2}(?=[ \t]*[\r\n]|["'`\\]|$))*/g;
const HINT = /PRIVATE|Private|[A-Za-z0-9+/]{24}/;

/** Where private keys stand in a text, whole or in part, and what belongs there. Empty once that is done. */
export function privateKeysIn(text: string): readonly Masking[] {
  if (!HINT.test(text)) return [];
  const found = [...underHeaders(text), ...overFooters(text), ...inBase64(text)];
  const inOrder = found.toSorted((a, b) => a.from - b.from || b.to - a.to);
  let end = 0;
  return inOrder.filter(({ from, to }) => {
    const isApart = from >= end;
    if (isApart) end = to;
    return isApart;
  });
}

export interface Masked {
  readonly text: string;
  /** Where the cursor is now. */
  readonly head: number;
  /** How many stretches of key material were masked. */
  readonly count: number;
}

/** What is masked may join what stands beside it to another key. */
const MOST_ROUNDS = 8;

/** Masks every private key of a text in which a cursor stands at `head`. Doing it again changes nothing. */
export function maskPrivateKeys(text: string, head = 0): Masked {
  let now: Masked = { text, head, count: 0 };
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const maskings = privateKeysIn(now.text);
    if (maskings.length === 0) break;
    now = { ...applied(maskings, now), count: now.count + maskings.length };
  }
  return now;
}

function applied(maskings: readonly Masking[], { text, head }: Masked): Pick<Masked, 'text' | 'head'> {
  const parts: string[] = [];
  let at = 0;
  let moved = head;
  for (const { from, to, insert } of maskings) {
    parts.push(text.slice(at, from), insert);
    if (head >= to) moved += insert.length - (to - from);
    else if (head > from) moved += from + insert.length - head;
    at = to;
  }
  return { text: parts.join('') + text.slice(at), head: moved };
}

/** Up to the footer; without one, as long as lines look like the inside of a key: it may still be typed. */
function underHeaders(text: string): Masking[] {
  return [...text.matchAll(HEADER)].flatMap(({ 0: header, index }) => {
    const from = index + header.length;
    const to = footerAfter(text, from) ?? insideFrom(text, from);
    return masked(text, from, to);
  });
}

function footerAfter(text: string, from: number): number | null {
  NEXT_HEADER.lastIndex = from;
  const inside = text.slice(from, NEXT_HEADER.exec(text)?.index ?? text.length);
  const footer = inside.search(FOOTER);
  return footer < 0 ? null : dashesBefore(text, from + footer);
}

function dashesBefore(text: string, end: number): number {
  let from = end;
  while (end - from < MOST_DASHES && DASHES.test(text[from - 1] ?? '')) from -= 1;
  return from;
}

function insideFrom(text: string, from: number): number {
  for (let at = from; ; at = INSIDE.lastIndex) {
    INSIDE.lastIndex = at;
    if (INSIDE.exec(text) === null || INSIDE.lastIndex === at) return at;
  }
}

/** A key whose header was not selected: the lines right before its footer. */
function overFooters(text: string): Masking[] {
  return [...text.matchAll(FOOTER)].flatMap(({ index }) => {
    const dashes = dashesBefore(text, index);
    return masked(text, linesBefore(text, dashes), dashes);
  });
}

/** Where the lines of base64 begin that end at a place. */
function linesBefore(text: string, end: number): number {
  let from = end;
  let lineEnd = end;
  while (lineEnd > 0 && end - lineEnd < MOST_OF_A_KEY) {
    let start = lineEnd;
    while (start > 0 && IN_LINE.test(text[start - 1] ?? '')) start -= 1;
    if (text[start - 1] === '\\') start += 1;
    if (!LINE.test(text.slice(start, lineEnd))) return from;
    const begin = marksBefore(text, start);
    const separator = /(?:\r?\n|\\r\\n|\\n)$/.exec(text.slice(Math.max(0, begin - 4), begin))?.[0] ?? '';
    // A word in the middle of a line is no line.
    if (separator === '' && begin > 0 && !/["'`]/.test(text[begin - 1] ?? '')) return from;
    from = start;
    if (separator === '') return from;
    lineEnd = begin - separator.length;
  }
  return from;
}

/** Where a line begins that was commented out, or stands in a difference or a list: before what marks it as that. */
function marksBefore(text: string, start: number): number {
  let at = start;
  while (at > 0 && start - at < MOST_MARKS && MARK.test(text[at - 1] ?? '')) at -= 1;
  return at === 0 || text[at - 1] === '\n' ? at : start;
}

const MARK = /[#>*|\- \t\u00a0]/;
const MOST_MARKS = 24;
const IN_LINE = /[A-Za-z0-9+/= \t]/;
const LINE = /^[ \t]*[A-Za-z0-9+/=]*[ \t]*$/;

/** Keys without header and footer, and PEM that was written in base64 once more, as in a Secret. */
function inBase64(text: string): Masking[] {
  return [...text.matchAll(BASE64)].flatMap(({ 0: run, index }) => {
    const kind = startsPrivateKey(run);
    if (kind === null) return [];
    const insert = kind === 'pem' ? MASK_IN_BASE64 : MASK;
    return [{ from: index, to: index + run.length, insert }];
  });
}

/** What is inside, without what stands around it; nothing where it is empty or masked already. */
function masked(text: string, start: number, end: number): Masking[] {
  let [from, to] = [start, end];
  while (from < to && AROUND.test(spaceAt(text, from))) from += spaceAt(text, from).length;
  while (to > from && AROUND.test(spaceBefore(text, to))) to -= spaceBefore(text, to).length;
  const inside = text.slice(from, to);
  return inside === '' || inside === MASK ? [] : [{ from, to, insert: MASK }];
}

function spaceAt(text: string, at: number): string {
  return text[at] === '\\' ? text.slice(at, at + 2) : text.slice(at, at + 1);
}

function spaceBefore(text: string, at: number): string {
  return text[at - 2] === '\\' ? text.slice(at - 2, at) : text.slice(at - 1, at);
}
