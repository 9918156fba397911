import { type ArgumentMetadata, Injectable, type PipeTransform } from '@nestjs/common';
import { z } from 'zod';
import { faultsOf } from './field-faults.js';
import { RequestFault } from './request-fault.js';

/** Validates every parameter that names a zod schema: `@Body({ schema })`, `@Query({ schema })`. */
@Injectable()
export class SchemaPipe implements PipeTransform {
  async transform(value: unknown, { schema, type }: ArgumentMetadata): Promise<unknown> {
    if (!(schema instanceof z.ZodType)) return value;
    const parsed = await schema.safeParseAsync(value);
    if (parsed.success) return parsed.data;
    const errors = faultsOf(parsed.error, type === 'body' ? 'body' : 'query');
    const places = errors.map(({ pointer, parameter, detail }) => `${pointer ?? parameter}: ${detail}`);
    throw new RequestFault(
      'request.invalid',
      `The ${type} is not valid: ${places.slice(0, 5).join('; ')}.`,
      NEXT,
      {
        errors,
      },
    );
  }
}

const NEXT = 'Correct what errors[] names; the shapes are at /docs.';
