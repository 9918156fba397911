import { type CustomDecorator, SetMetadata } from '@nestjs/common';

export const PUBLIC = 'windlass:public';

/** Opens a route to everybody. Without it every route needs a key. */
export function Public(): CustomDecorator {
  return SetMetadata(PUBLIC, true);
}
