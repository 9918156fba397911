import type { ConfigView } from '../config-view.js';
import type { Directive } from '../directive.js';
import { nginxDocs, type Report, type Rule, rfc, sslDocs } from '../rule.js';
import { Scope } from '../scope.js';
import type { Word } from '../tokens.js';

const NAMES = /^"?\$\{?ssl_client_[si]_dn(_legacy)?\}?"?$/;
/** An attribute and its value, nothing that means something to an expression but a dot. */
const PLAIN = /^\^?([A-Za-z][A-Za-z0-9.]*=[\w @:.\\/-]+)\$?$/;

const unanchored: Rule = {
  id: 'dn-match-unanchored',
  title: 'An expression on a distinguished name matches more than it says',
  severity: 'error',
  does: '$ssl_client_s_dn is the whole name (RFC 2253, the last attribute first), such as CN=admin,OU=ops,O=Acme. An expression matches anywhere in it.',
  matters:
    'CN=admin matches CN=administrator, and OU=CN=admin as well: whoever gets a certificate with a name of his choice gets the rights of another.',
  remedy:
    'Match a whole attribute, (?:^|,)CN=admin(?:,|$), or better the whole name by itself; ask for the issuer too where several CAs are trusted.',
  references: [sslDocs('var_ssl_client_s_dn'), nginxDocs('http/ngx_http_map_module', 'map'), rfc(2253, '2')],
  *check(view) {
    for (const scope of contextsOf(view)) {
      for (const map of scope.blocks('map').filter(({ args }) => NAMES.test(args[0] ?? ''))) {
        for (const row of map.block ?? []) {
          const [word] = row.words;
          const [, prefix = '', expression = ''] = /^(~\*?)(.*)$/s.exec(row.name) ?? [];
          if (word !== undefined && prefix !== '') yield* judged(row, word, expression, prefix, '');
        }
      }
      for (const block of scope.blocks('if')) yield* condition(block);
    }
  },
};

/** Contexts that can hold a map or an if: http or stream, servers, and locations. */
function contextsOf({ servers }: ConfigView): Scope[] {
  return [
    ...new Set(
      servers.flatMap(({ outer, own, locations }) => [
        outer,
        own,
        ...locations.flatMap(({ scopes }) => scopes.slice(-1)),
      ]),
    ),
  ];
}

function* condition(block: Directive): Iterable<Report> {
  const [variable = '', operator = '', ...rest] = block.args;
  const word = block.words[3];
  if (!NAMES.test(variable.replace(/^\(/, '')) || !/^~\*?$/.test(operator) || word === undefined) return;
  const closing = rest.length === 1 && word.text.endsWith(')') ? ')' : '';
  yield* judged(block, word, word.text.slice(0, word.text.length - closing.length), '', closing);
}

function* judged(
  at: Directive,
  word: Word,
  expression: string,
  prefix: string,
  closing: string,
): Iterable<Report> {
  if (isAnchored(expression)) return;
  const [, plain = null] = PLAIN.exec(expression) ?? [];
  const start = expression.startsWith('^') ? '^' : '(?:^|,)';
  const better = plain === null ? null : `"${prefix}${start}${plain}(?:,|$)"${closing}`;
  yield {
    at,
    message: `"${expression}" also matches names that only contain it`,
    fix:
      better === null
        ? null
        : {
            title: 'Match the whole attribute',
            edits: [{ file: at.file, start: word.start, end: word.end, text: better }],
          },
  };
}

function isAnchored(expression: string): boolean {
  return /^(\^|\((\?:)?(\^\|,|,\|\^)\))/.test(expression) && endsAnchored(expression);
}

/** True when nothing of the attribute can follow what an expression on a name matches. */
export function endsAnchored(expression: string): boolean {
  return /([^\\]\$|\((\?:)?(,\|\$|\$\|,)\))$/.test(expression);
}

const mapOpen: Rule = {
  id: 'dn-map-open',
  title: 'A map of names lets in whoever it does not name',
  severity: 'error',
  does: 'A map gives its default to every name that no row matches.',
  matters: 'A list of who may not get in never has all of them: every new certificate is let in.',
  remedy: 'List who may get in, with a default that refuses.',
  references: [nginxDocs('http/ngx_http_map_module', 'map')],
  *check(view) {
    const refused = new Set(contextsOf(view).flatMap(refusedWhenFalse));
    for (const scope of new Set(view.servers.map(({ outer }) => outer))) {
      for (const map of scope.blocks('map').filter(({ args }) => NAMES.test(args[0] ?? ''))) {
        const fallback = (map.block ?? []).find(({ name }) => name === 'default')?.args[0] ?? '';
        const rows = (map.block ?? []).filter(
          ({ name }) => !['default', 'hostnames', 'volatile'].includes(name),
        );
        const variable = map.args[1] ?? '';
        if (!refused.has(variable) || fallback === '' || fallback === '0' || rows.length === 0) continue;
        yield {
          at: map,
          message: `${variable} is ${fallback} for every name that is not listed, and that lets in`,
        };
      }
    }
  },
};

/** The variables of `if ($allowed = 0) { return 403; }`: what is neither 0 nor empty goes on. */
function refusedWhenFalse(scope: Scope): string[] {
  return scope.blocks('if').flatMap((block) => {
    const [code = ''] = Scope.of(block).first('return')?.args ?? [];
    const text = block.args.join(' ').replace(/[()]/g, '').trim();
    const [, variable] = /^(\$\w+) (?:= 0|!= 1)$/.exec(text) ?? [];
    return /^[45]\d\d$/.test(code) && variable !== undefined ? [variable] : [];
  });
}

export const MATCH_RULES: readonly Rule[] = [unanchored, mapOpen];
