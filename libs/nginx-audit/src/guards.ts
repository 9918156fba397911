import type { Directive } from './directive.js';
import type { EffectiveLocation, EffectiveServer } from './effective-server.js';
import { Scope } from './scope.js';

/** `sound`: only SUCCESS goes on. `leaky`: it looks at $ssl_client_verify and lets something else through. */
export type Guard = 'sound' | 'leaky';

/** What `$ssl_client_verify` may be: ngx_ssl_get_client_verify. An empty one is a connection without TLS. */
const OTHERS = [
  'NONE',
  'FAILED:unable to get local issuer certificate',
  'FAILED:certificate has expired',
  '',
];
const VARIABLE = '$ssl_client_verify';

/** Reads the `if` of a scope that refuses by the outcome of verification; null when there is none. */
export function guardIn(scope: Scope, maps: Scope): Guard | null {
  const guards = scope.blocks('if').flatMap((block) => (refuses(block) ? (guardOf(block, maps) ?? []) : []));
  if (guards.length === 0) return null;
  return guards.includes('sound') ? 'sound' : 'leaky';
}

/** Locations that answer although neither they nor their server look at the outcome. Empty: all is guarded. */
export function unguarded(server: EffectiveServer): readonly EffectiveLocation[] | 'the whole server' {
  if (guardIn(server.own, server.outer) === 'sound') return [];
  const locations = server.locations.filter(({ directive }) => directive.name === 'location');
  if (locations.length === 0) return server.own.named('return').length > 0 ? [] : 'the whole server';
  return locations.filter(({ scopes }) => {
    const own = scopes.at(-1);
    return own !== undefined && !isClosed(own) && guardIn(own, server.outer) !== 'sound';
  });
}

/** Nobody outside gets anything there: a refusal, a redirect, or inside use only. */
function isClosed(scope: Scope): boolean {
  const [code = ''] = scope.first('return')?.args ?? [];
  const denied = scope.named('deny').some(({ args }) => args[0] === 'all') && scope.first('allow') === null;
  return /^[345]\d\d$/.test(code) || denied || scope.first('internal') !== null;
}

function refuses(block: Directive): boolean {
  const [code = ''] = Scope.of(block).first('return')?.args ?? [];
  return /^[45]\d\d$/.test(code);
}

function guardOf(block: Directive, maps: Scope): Guard | null {
  const condition = conditionOf(block);
  if (condition === null) return null;
  const values = valuesOf(condition.variable, maps);
  if (values === null) return null;
  const lets = (outcome: string) => !holds(condition, values(outcome));
  return lets('SUCCESS') && !OTHERS.some(lets) ? 'sound' : 'leaky';
}

/** How the variable of a condition follows from the outcome; null when it does not. */
function valuesOf(variable: string, maps: Scope): ((outcome: string) => string) | null {
  if (variable === VARIABLE) return (outcome) => outcome;
  const values = mapsOn(maps).get(variable);
  return values === undefined ? null : (outcome) => values.get(outcome) ?? '';
}

/** The value of a map for each outcome there is. */
type Values = ReadonlyMap<string, string>;

const known = new WeakMap<Scope, ReadonlyMap<string, Values>>();

/** The maps of the outcome, by the variable that each makes. A scope never changes, so they are worked out once. */
function mapsOn(scope: Scope): ReadonlyMap<string, Values> {
  const found =
    known.get(scope) ??
    new Map(
      scope
        .blocks('map')
        .filter(({ args }) => args[0] === VARIABLE)
        .map((map) => [
          map.args[1] ?? '',
          new Map(['SUCCESS', ...OTHERS].map((one) => [one, mapped(map, one)])),
        ]),
    );
  known.set(scope, found);
  return found;
}

/** ngx_http_map_module: exact words first, then expressions in their order, then the default. */
function mapped(map: Directive, outcome: string): string {
  const rows = map.block ?? [];
  const exact = rows.find(({ name }) => name.toLowerCase() === outcome.toLowerCase());
  const matched = rows.find(({ name }) => name.startsWith('~') && matches(name.slice(1), outcome));
  return (exact ?? matched ?? rows.find(({ name }) => name === 'default'))?.args[0] ?? '';
}

interface Condition {
  readonly variable: string;
  readonly operator: string;
  readonly operand: string;
}

/** The words between the parentheses of `if (...)`. */
function conditionOf({ args }: Directive): Condition | null {
  const text = args
    .join(' ')
    .replace(/^\(\s*/, '')
    .replace(/\s*\)$/, '');
  const [, variable = '', operator = '', operand = ''] =
    /^(\$\w+)(?:\s+(!?=|!?~\*?)\s*(.*))?$/s.exec(text) ?? [];
  return variable === '' ? null : { variable, operator, operand };
}

/** ngx_http_rewrite_module: a variable alone is false when it is empty or `0`. */
function holds({ operator, operand }: Condition, value: string): boolean {
  if (operator === '') return value !== '' && value !== '0';
  if (operator === '=') return value === operand;
  if (operator === '!=') return value !== operand;
  const found = matches(operator.endsWith('*') ? `*${operand}` : operand, value);
  return operator.startsWith('!') ? !found : found;
}

/** `*` before an expression takes any case. One that JavaScript cannot read, or that is too long to try, matches nothing. */
function matches(expression: string, value: string): boolean {
  const anyCase = expression.startsWith('*');
  const source = anyCase ? expression.slice(1) : expression;
  // Nested repetition could take for ever; no guard on five fixed words needs it.
  if (source.length > 100 || /[+*}][^|]*\)[+*{]/.test(source)) return false;
  try {
    return new RegExp(source, anyCase ? 'i' : '').test(value);
  } catch {
    return false;
  }
}
