import { applyDecorators } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import { RotationChanged } from '#engine';
import type { RotationState } from '#rotation';
import { tagsOf } from '../http/entity-tags.js';
import { RequestFault } from '../http/request-fault.js';

/** Names the state of a rotation that people decide on: docs/adr/0006. */
export function etagOf({ revision }: { readonly revision: number }): string {
  return `"${revision}"`;
}

/**
 * The revision that a command must find, or undefined where any will do: with `*`. Throws RequestFault
 * `request.precondition-required` without the header, `request.malformed-if-match`, and {@link RotationChanged} when
 * the rotation is at none of those that it names. A weak tag names none (RFC 9110 13.1.1).
 */
export async function expectedRevision(
  header: string | undefined,
  read: () => Promise<RotationState>,
): Promise<number | undefined> {
  if (header === undefined) throw needed();
  if (header.trim() === '*') return undefined;
  const tags = tagsOf(header);
  const state = await read();
  if (!tags.includes(etagOf(state))) throw new RotationChanged(state);
  return state.revision;
}

function needed(): RequestFault {
  return new RequestFault(
    'request.precondition-required',
    'A command to a rotation needs If-Match: the state that was decided on.',
    'Read the rotation and send its ETag, such as If-Match: "7"; If-Match: * is for any state.',
  );
}

/** Documents the header on a route that needs it. */
export function ApiIfMatch(): MethodDecorator {
  return applyDecorators(
    ApiHeader({
      name: 'If-Match',
      required: true,
      description:
        'ETag of the rotation as the caller knows it. When it has another one by now, nothing is recorded and ' +
        'the reply is 412. `*` is any.',
      schema: { type: 'string', examples: ['"7"'] },
    }),
  );
}
