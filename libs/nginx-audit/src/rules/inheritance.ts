import type { ConfigView } from '../config-view.js';
import type { Directive } from '../directive.js';
import { behind } from '../edits.js';
import type { EffectiveServer } from '../effective-server.js';
import { nginxDocs, type Report, type Rule } from '../rule.js';
import { inherited, type Scope } from '../scope.js';

/** Answers of nginx to a client that it refuses. */
const REFUSALS = ['400', '495', '496'];
/** Headers that protect a browser, and that nobody leaves out on purpose in one location only. */
const PROTECTIVE = [
  ...['strict-transport-security', 'content-security-policy', 'x-content-type-options', 'x-frame-options'],
  'referrer-policy',
];

/** Lists of lines that the innermost context replaces as a whole, and what of a line makes it worth keeping. */
const LISTS = [
  {
    name: 'add_header',
    keys: ({ args }: Directive) => PROTECTIVE.filter((one) => one === args[0]?.toLowerCase()),
  },
  {
    name: 'error_page',
    keys: ({ args }: Directive) => REFUSALS.filter((one) => args.slice(0, -1).includes(one)),
  },
] as const;

const dropped: Rule = {
  id: 'inherited-lines-dropped',
  title: 'A line of its own drops all that a context would inherit',
  severity: 'note',
  does: 'add_header, error_page, proxy_set_header and their like are inherited only by a context that has none of its own. Since 1.29.3 add_header_inherit merge adds to the headers in place of that.',
  matters:
    'One more header in a location takes Strict-Transport-Security away there; one more error page in a server takes the page for refused clients away. Identity headers have a rule of their own.',
  remedy: 'Say the lines again where others are added, or include one file in both places.',
  references: [
    nginxDocs('http/ngx_http_headers_module', 'add_header'),
    nginxDocs('http/ngx_http_core_module', 'error_page'),
  ],
  *check(view) {
    for (const server of view.servers.filter(
      ({ tls, protocol, rejects }) => tls && protocol === 'http' && !rejects,
    )) {
      yield* droppedIn(view, server.scopes, server);
      // A refusal is answered before a location is chosen: error pages count in the server only.
      for (const { scopes } of server.locations) yield* droppedIn(view, scopes, null);
    }
  },
};

function* droppedIn(
  view: ConfigView,
  scopes: readonly Scope[],
  server: EffectiveServer | null,
): Iterable<Report> {
  const own = scopes.at(-1);
  for (const { name, keys } of LISTS) {
    const lines = own?.named(name) ?? [];
    const last = lines.at(-1);
    if (last === undefined || (name === 'error_page' && server?.asks !== true)) continue;
    if (inherited(scopes, `${name}_inherit`)[0]?.args[0] === 'merge') continue;
    const known = new Set(lines.flatMap(keys));
    const lost = inherited(scopes.slice(0, -1), name).filter((line) => isNews(keys(line), known));
    if (lost.length === 0) continue;
    yield {
      at: last,
      message: `with ${name} lines of its own this context drops ${lost.map((line) => line.args.slice(0, -1).join(' ')).join('; ')}`,
      related: lost,
      fix: {
        title: 'Say them here too',
        edits: [
          behind(
            view,
            last,
            lost.map((line) => textOf(view, line)),
          ),
        ],
      },
    };
  }
}

/** True for the first line that says one of these, which it then remembers. */
function isNews(keys: readonly string[], known: Set<string>): boolean {
  const isNew = keys.some((key) => !known.has(key));
  for (const key of keys) known.add(key);
  return isNew;
}

function textOf(view: ConfigView, { file, start, end }: Directive): string {
  return view.source(file).slice(start, end);
}

export const INHERITANCE_RULES: readonly Rule[] = [dropped];
