import { applyDecorators } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import { RotationChanged } from '#engine';
import type { RotationState } from '#rotation';
import { RequestFault } from '../http/request-fault.js';

/** RFC 9110 8.8.3. A tag may hold commas, although none of ours does. */
const ENTITY_TAG = /(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*"/g;
/** Far more than anybody needs, and no work to read. */
const MOST_CHARACTERS = 1_000;

/** Names the state of a rotation that people decide on: docs/adr/0006. */
export function etagOf({ revision }: { readonly revision: number }): string {
  return `"${revision}"`;
}

/**
 * The revision that a command must find, or undefined where any will do: without the header, and with `*`.
 * Throws RequestFault `request.malformed-if-match`, and {@link RotationChanged} when the rotation is at none of
 * those that the header names. A weak tag names none (RFC 9110 13.1.1).
 */
export async function expectedRevision(
  header: string | undefined,
  read: () => Promise<RotationState>,
): Promise<number | undefined> {
  if (header === undefined || header.trim() === '*') return undefined;
  const tags = tagsOf(header);
  const state = await read();
  if (!tags.includes(etagOf(state))) throw new RotationChanged(state);
  return state.revision;
}

function tagsOf(header: string): readonly string[] {
  const tags = header.match(ENTITY_TAG) ?? [];
  const gaps = header.replaceAll(ENTITY_TAG, '+').split(',');
  const list = header.length <= MOST_CHARACTERS && gaps.every((gap) => ['', '+'].includes(gap.trim()));
  if (list && tags.length > 0) return tags;
  throw new RequestFault(
    'request.malformed-if-match',
    'If-Match must hold an ETag with its quotes, or a star.',
    'Send the ETag of the last reply as it came, such as If-Match: "7", or leave the header out.',
  );
}

/** Documents the header on a route that honours it. */
export function ApiIfMatch(): MethodDecorator {
  return applyDecorators(
    ApiHeader({
      name: 'If-Match',
      required: false,
      description:
        'ETag of the rotation as the caller knows it. When it has another one by now, nothing is recorded and ' +
        'the reply is 412. `*` is any.',
      schema: { type: 'string', examples: ['"7"'] },
    }),
  );
}
