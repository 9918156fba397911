import { SpanKind } from '@opentelemetry/api';
import type { TracedFields } from '#engine';
import { clean, inSpan } from './in-span.js';

type AsyncMethod = (...args: never[]) => Promise<unknown>;

/** What a span says of one method: of what it was given, and of what came of it. Never a secret. */
export interface TracedCall<Method extends AsyncMethod> {
  readonly asked: (...args: Parameters<Method>) => TracedFields;
  readonly answered?: (answer: Awaited<ReturnType<Method>>) => TracedFields;
}

/** The methods of a port that are calls to somewhere else. */
export type TracedCalls<Port> = {
  readonly [Name in keyof Port as Port[Name] extends AsyncMethod
    ? Name
    : never]?: Port[Name] extends AsyncMethod ? TracedCall<Port[Name]> : never;
};

/** The port, each named method of which is a span `<prefix>.<method>`; every other member is as it was. */
export function tracedPort<Port extends object>(port: Port, prefix: string, calls: TracedCalls<Port>): Port {
  const known = new Map<PropertyKey, TracedCall<AsyncMethod>>(Object.entries(calls));
  return new Proxy(port, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== 'function') return member;
      const call = known.get(name);
      if (call === undefined) return member.bind(target);
      return (...args: never[]) =>
        traced(`${prefix}.${String(name)}`, call, args, () => Reflect.apply(member, target, args));
    },
  });
}

function traced(
  name: string,
  { asked, answered }: TracedCall<AsyncMethod>,
  args: never[],
  ask: () => Promise<unknown>,
): Promise<unknown> {
  return inSpan({ name, kind: SpanKind.CLIENT, fields: asked(...args) }, async (span) => {
    const answer = await ask();
    if (answered) span.setAttributes(clean(answered(answer)));
    return answer;
  });
}
