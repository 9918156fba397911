import { createHash } from 'node:crypto';
import { applyDecorators } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import { RequestFault } from './request-fault.js';

/** RFC 9110 8.8.3. A tag may hold commas, although none of ours does. */
const ENTITY_TAG = /(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*"/g;
/** Far more than anybody needs, and no work to read. */
const MOST_CHARACTERS = 1_000;

/** The ETag of what is shown as it is: two replies that differ in anything have different ones. */
export function digestTag(shown: unknown): string {
  return `"${createHash('sha256').update(JSON.stringify(shown)).digest('base64url').slice(0, 22)}"`;
}

/**
 * The ETag of what is shown where only a part of it is what people decide on: another one when anything is different,
 * while If-Match asks for that part alone.
 */
export function tagOf(decided: unknown, shown: unknown): string {
  return `${digestTag(decided).slice(0, -1)}.${digestTag(shown).slice(1)}`;
}

/** Of {@link tagOf} what If-Match asks for; any other tag as it is. */
function decidedPart(tag: string): string {
  return tag.replace(/\.[^.]*$/, '"');
}

/** The tags of If-Match. Throws RequestFault `request.malformed-if-match`. */
export function tagsOf(header: string): readonly string[] {
  const tags = header.match(ENTITY_TAG) ?? [];
  const gaps = header.replaceAll(ENTITY_TAG, '+').split(',');
  const list = header.length <= MOST_CHARACTERS && gaps.every((gap) => ['', '+'].includes(gap.trim()));
  if (list && tags.length > 0) return tags;
  throw new RequestFault(
    'request.malformed-if-match',
    'If-Match must hold an ETag with its quotes, or a star.',
    'Send the ETag of the last reply as it came, such as If-Match: "7".',
  );
}

/** The tags of If-None-Match, which compares them as weak ones (RFC 9110 13.1.2); none where there are none. */
export function anyTagsIn(header: string): readonly string[] {
  return (header.slice(0, MOST_CHARACTERS).match(ENTITY_TAG) ?? []).map((tag) => tag.replace(/^W\//, ''));
}

/**
 * A check that what is about to change is as the caller has read it: of anything without the header, and with `*`.
 * Throws RequestFault `request.malformed-if-match` at once, and the check `resource.changed`. A weak tag names none
 * (RFC 9110 13.1.1).
 */
export function unchanged<Shown>(
  header: string | undefined,
  tagOf: (shown: Shown) => string,
): (shown: Shown) => void {
  if (header === undefined || header.trim() === '*') return () => {};
  const tags = tagsOf(header);
  return (shown) => {
    const tag = tagOf(shown);
    if (!tags.map(decidedPart).includes(decidedPart(tag))) throw changed(tag);
  };
}

function changed(tag: string): RequestFault {
  return new RequestFault(
    'resource.changed',
    'It was changed since it was read: If-Match names another state.',
    'Read it again, and send the ETag that it has now if that is still what you want.',
    { headers: { ETag: tag } },
  );
}

/** Documents If-Match on a route that honours it and does without. */
export function TakesIfMatch(): MethodDecorator {
  return applyDecorators(
    ApiHeader({
      name: 'If-Match',
      required: false,
      description: 'ETag as it was read. When it has another one by now, nothing is done: 412. `*` is any.',
      schema: { type: 'string', examples: ['"2jmj7l5rSw0yVb-vlWAYkK"'] },
    }),
  );
}
