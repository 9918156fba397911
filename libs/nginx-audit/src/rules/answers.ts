import type { ConfigView } from '../config-view.js';
import type { Directive } from '../directive.js';
import { atTop, behind, inServer, withArguments, withoutWord } from '../edits.js';
import type { EffectiveServer } from '../effective-server.js';
import { nginxDocs, type Report, type Rule } from '../rule.js';
import { inherited } from '../scope.js';

/** 495: the certificate is bad, 496: none was sent (both become 400 outside), 497: plain http on a TLS port. */
const REFUSALS = ['400', '495', '496', '497'];
const PASS = /^(proxy|grpc|fastcgi|uwsgi|scgi)_pass$/;
const ERROR_PAGE = nginxDocs('http/ngx_http_core_module', 'error_page');

const errorPageMasks: Rule = {
  id: 'error-page-masks-refusal',
  title: 'An error page turns a refusal into something else',
  severity: 'error',
  does: 'A refused certificate is 495, a missing one 496. error_page 495 496 =200 /page answers 200; = /page answers with the status of that page; a page that is proxied reaches the upstream.',
  matters:
    'Clients, probes and monitoring take the refusal for success, and a proxied error page serves whoever was refused.',
  remedy: 'Leave the = out, so that the answer stays a 4xx, and serve the page from nginx itself.',
  references: [ERROR_PAGE, nginxDocs('http/ngx_http_ssl_module', 'errors')],
  *check(view) {
    const asking = view.servers.filter(({ asks, protocol }) => asks && protocol === 'http');
    for (const server of asking) {
      // A refusal happens before a location is chosen: only the server's own pages count.
      const pages = inherited(server.scopes, 'error_page');
      if (pages.length === 0) continue;
      const passes = passesOf(server);
      for (const page of pages) yield* masking(page, passes);
    }
  },
};

/** The directive that hands requests of a location on, by the arguments of the location. */
function passesOf({ locations }: EffectiveServer): ReadonlyMap<string, Directive> {
  return new Map(
    locations
      .filter(({ directive }) => directive.name === 'location')
      .flatMap(({ directive, scopes }) => {
        const pass = scopes.at(-1)?.directives.find(({ name }) => PASS.test(name));
        return pass === undefined ? [] : [[directive.args.join(' '), pass] as const];
      }),
  );
}

function* masking(page: Directive, passes: ReadonlyMap<string, Directive>): Iterable<Report> {
  if (!page.args.some((one) => REFUSALS.includes(one))) return;
  const index = page.words.findIndex(({ text }, i) => i > 0 && text.startsWith('='));
  const status = page.words[index]?.text.slice(1) ?? null;
  const target = page.args.at(-1) ?? '';
  if (status !== null && !/^[45]\d\d$/.test(status)) {
    yield {
      at: page,
      message:
        status === ''
          ? `a refused client gets the status of ${target} in place of a 400`
          : `a refused client is answered ${status}`,
      severity: /^2/.test(status) ? 'error' : 'warning',
      fix: { title: 'Keep the status of the refusal', edits: withoutWord(page, index) },
    };
  }
  const pass = passes.get(target) ?? passes.get(`= ${target}`);
  if (pass === undefined) return;
  yield {
    at: page,
    message: `the request of a refused client is handed to ${pass.args[0]}`,
    related: [pass],
  };
}

const serverTokens: Rule = {
  id: 'server-tokens',
  title: 'nginx tells its version',
  severity: 'note',
  does: 'server_tokens is on unless set: the version stands in the Server header and on every error page, such as the 400 of a refused client.',
  matters: 'Whoever is refused still learns which advisories apply.',
  remedy: 'Set server_tokens off.',
  references: [nginxDocs('http/ngx_http_core_module', 'server_tokens')],
  *check(view) {
    for (const server of view.servers.filter(
      ({ tls, protocol, rejects }) => tls && protocol === 'http' && !rejects,
    )) {
      const at = server.one('server_tokens');
      if (at?.args[0] === 'off' || at?.args[0] === 'build' || at?.args[0] === '') continue;
      const http = server.outer.block;
      yield {
        at: at ?? http ?? server.directive,
        message: 'server_tokens is not off: the version of nginx is told to everybody',
        fix: {
          title: 'Set server_tokens off',
          edits: [
            at !== null
              ? withArguments(at, 'off')
              : http !== null
                ? atTop(view, http, ['server_tokens off;'])
                : inServer(view, server, ['server_tokens off;']),
          ],
        },
      };
    }
  },
};

const workerShutdownTimeout: Rule = {
  id: 'worker-shutdown-timeout',
  title: 'Old workers may serve for ever under the old trust',
  severity: 'note',
  does: 'After a reload the old workers go on until their last connection closes. WebSockets, streams and long downloads keep the trust that they were made under.',
  matters: 'A client of a CA that was taken out stays connected as long as it likes.',
  remedy: 'Set worker_shutdown_timeout to the longest transfer that must survive a reload.',
  references: [nginxDocs('ngx_core_module', 'worker_shutdown_timeout')],
  *check(view) {
    if (!view.isWhole || view.main.first('worker_shutdown_timeout') !== null) return;
    if (!view.servers.some(({ asks }) => asks)) return;
    const at = firstOf(view);
    if (at === null) return;
    yield {
      at,
      message: 'worker_shutdown_timeout is not set: a connection from before a change of trust has no end',
      fix: {
        title: 'Set worker_shutdown_timeout 60s',
        edits: [mainLine(view, at, 'worker_shutdown_timeout 60s;')],
      },
    };
  },
};

function firstOf({ config, main }: ConfigView): Directive | null {
  const file = config.files[0]?.path;
  return main.directives.find((one) => one.file === file) ?? null;
}

/** Behind the first simple directive, or before the first block. */
function mainLine(view: ConfigView, first: Directive, line: string) {
  if (first.block === null) return behind(view, first, [line]);
  return { file: first.file, start: first.start, end: first.start, text: `${line}\n` };
}

export const ANSWER_RULES: readonly Rule[] = [errorPageMasks, serverTokens, workerShutdownTimeout];
