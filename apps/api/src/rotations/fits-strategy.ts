import type { z } from 'zod';
import type { Strategy } from '#rotation';

interface Asked {
  readonly strategy: Strategy;
  readonly together: readonly string[];
  readonly reason: string;
  readonly bundlePem?: string | undefined;
  readonly retrust?: readonly string[] | undefined;
  readonly anchors?: readonly string[] | undefined;
}

/** Which strategies each field is for. */
const FOR: readonly (readonly [keyof Asked, readonly Strategy[]])[] = [
  ['bundlePem', ['replace']],
  ['retrust', ['replace']],
  ['anchors', ['distrust']],
];

/** A field that a strategy does not read would be a wish that nobody fulfils. */
export function fitsStrategy(asked: Asked, context: z.RefinementCtx): void {
  const { strategy } = asked;
  const say = (field: keyof Asked, message: string) =>
    context.addIssue({ code: 'custom', path: [field], message });
  for (const [field, strategies] of FOR) {
    if (asked[field] !== undefined && !strategies.includes(strategy)) {
      say(field, `is for the strategy ${strategies.join(', ')}, not for ${strategy}`);
    }
  }
  if (strategy === 'replace' && asked.bundlePem === undefined) say('bundlePem', 'is needed for replace');
  if (strategy === 'distrust' && asked.anchors === undefined) say('anchors', 'is needed for distrust');
  if (strategy === 'distrust' && asked.reason === '') say('reason', 'is needed for distrust');
  if (asked.retrust !== undefined && asked.reason === '') say('reason', 'is needed to trust an anchor again');
  if (asked.together.length > 0 && strategy !== 'overlap' && strategy !== 'distrust') {
    say('together', `must be empty: ${strategy} works on one fleet`);
  }
}
