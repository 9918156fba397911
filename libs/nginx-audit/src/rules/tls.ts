import type { ConfigView } from '../config-view.js';
import type { Directive } from '../directive.js';
import { inServer, withArguments } from '../edits.js';
import type { EffectiveServer } from '../effective-server.js';
import { isFrom } from '../nginx-version.js';
import { nginxDocs, type Report, type Rule, rfc, sslDocs } from '../rule.js';

const MOZILLA = {
  title: 'Mozilla: intermediate compatibility',
  url: 'https://wiki.mozilla.org/Security/Server_Side_TLS',
};
const OLD = ['SSLv2', 'SSLv3', 'TLSv1', 'TLSv1.1'];
const CURRENT = 'TLSv1.2 TLSv1.3';

/** Mozilla's intermediate list, without the DHE suites that want a file of parameters. */
const MODERN_CIPHERS = [
  ...['ECDHE-ECDSA-AES128-GCM-SHA256', 'ECDHE-RSA-AES128-GCM-SHA256'],
  ...['ECDHE-ECDSA-AES256-GCM-SHA384', 'ECDHE-RSA-AES256-GCM-SHA384'],
  ...['ECDHE-ECDSA-CHACHA20-POLY1305', 'ECDHE-RSA-CHACHA20-POLY1305'],
].join(':');

/** Authenticated encryption with a fresh key exchange, by name or by OpenSSL's words for sets of them. */
const GOOD_CIPHER =
  /^(?:(?:ECDHE|DHE)-(?:ECDSA|RSA)-(?:AES(?:128|256)-GCM-SHA(?:256|384)|CHACHA20-POLY1305)|EE?(?:CDHE?|DHE?)\+(?:AESGCM|CHACHA20)|TLS_(?:AES_(?:128|256)_GCM_SHA(?:256|384)|CHACHA20_POLY1305_SHA256))$/;

const speaking = ({ servers }: ConfigView) => servers.filter(({ tls, rejects }) => tls && !rejects);

const protocols: Rule = {
  id: 'protocols',
  title: 'TLS versions before 1.2 are spoken, or left to the default',
  severity: 'error',
  does: 'ssl_protocols is TLSv1 TLSv1.1 TLSv1.2 unless set, with TLSv1.3 from 1.23.4 on, and TLSv1.2 TLSv1.3 from 1.27.3 on. On one socket the default server decides.',
  matters:
    'TLS 1.0 and 1.1 sign handshakes, that of the client certificate too, with SHA-1 and MD5, and are deprecated.',
  remedy: `Set ssl_protocols ${CURRENT}.`,
  references: [sslDocs('ssl_protocols'), rfc(8996, '2'), MOZILLA],
  *check(view) {
    for (const at of protocolDirectives(view)) {
      const old = at.args.filter((one) => OLD.includes(one));
      if (old.length === 0) continue;
      yield {
        at,
        message: `${old.join(', ')} ${old.length === 1 ? 'is' : 'are'} spoken`,
        fix: { title: `Speak ${CURRENT}`, edits: [withArguments(at, CURRENT)] },
      };
    }
    if (view.version !== null && isFrom(view.version, '1.27.3')) return;
    for (const server of speaking(view).filter((one) => one.one('ssl_protocols') === null)) {
      yield {
        at: server.directive,
        message: `${server.title} leaves ssl_protocols to the default, which has TLS 1.0 and 1.1 before nginx 1.27.3`,
        severity: 'warning',
        fix: { title: `Speak ${CURRENT}`, edits: [inServer(view, server, [`ssl_protocols ${CURRENT};`])] },
      };
    }
  },
};

/** Those of servers, and those of http and stream, which the next server will inherit. */
function protocolDirectives(view: ConfigView): ReadonlySet<Directive> {
  const outer = ['http', 'stream'].flatMap((name) =>
    view.main.blocks(name).flatMap(({ block }) => block ?? []),
  );
  return new Set([
    ...outer.filter(({ name }) => name === 'ssl_protocols'),
    ...speaking(view).flatMap((server) => server.one('ssl_protocols') ?? []),
  ]);
}

const ciphers: Rule = {
  id: 'ciphers',
  title: 'Ciphers without forward secrecy or authenticated encryption',
  severity: 'warning',
  does: 'ssl_ciphers is HIGH:!aNULL:!MD5 unless set: that has CBC suites, and RSA key exchange. It counts for TLS 1.2 and older; TLS 1.3 has good ones only.',
  matters:
    'With RSA key exchange who gets the key of the server later reads what was recorded. CBC suites are open to padding attacks.',
  remedy: "Set ssl_ciphers to Mozilla's intermediate list.",
  references: [sslDocs('ssl_ciphers'), MOZILLA, rfc(9325, '4.2')],
  *check(view) {
    for (const server of speaking(view)) {
      if (server.one('ssl_protocols')?.args.join() === 'TLSv1.3') continue;
      const at = server.one('ssl_ciphers');
      const text = at?.args[0] ?? '';
      if (at !== null && weak(text).length === 0) continue;
      yield {
        at: at ?? server.directive,
        ...weakness(server, at === null ? null : text),
        fix: {
          title: "Use Mozilla's intermediate ciphers",
          edits: [
            at === null
              ? inServer(view, server, [`ssl_ciphers ${MODERN_CIPHERS};`])
              : withArguments(at, MODERN_CIPHERS),
          ],
        },
      };
    }
  },
};

function weakness({ title }: EffectiveServer, text: string | null): Pick<Report, 'message' | 'severity'> {
  if (text === null)
    return {
      message: `${title} leaves ssl_ciphers to the default, which has CBC suites and RSA key exchange`,
    };
  const found = weak(text);
  const names = `${found.slice(0, 4).join(', ')}${found.length > 4 ? ` and ${found.length - 4} more` : ''}`;
  const isBroken = found.some((one) => /RC4|NULL|EXP|DES|MD5|ADH|SECLEVEL/.test(one));
  return { message: `weak or unknown ciphers: ${names}`, severity: isBroken ? 'error' : 'warning' };
}

/** What a list of OpenSSL's ciphers(1) lets in and should not. */
function weak(list: string): string[] {
  return list
    .split(/[:, ]+/)
    .filter((one) => one !== '' && !/^[!-]/.test(one) && !/^@(STRENGTH|SECLEVEL=[2-5])$/.test(one))
    .map((one) => one.replace(/^\+/, ''))
    .filter((one) => !GOOD_CIPHER.test(one));
}

const staplingUnverified: Rule = {
  id: 'stapling-unverified',
  title: 'Stapled OCSP answers are not verified',
  severity: 'warning',
  does: 'With ssl_stapling on, nginx fetches the OCSP answer over plain http; without ssl_stapling_verify it staples whatever comes.',
  matters:
    'Who can answer in the place of the responder makes clients refuse the server. Stapling has nothing to do with client certificates: see ssl_ocsp for those.',
  remedy: 'Set ssl_stapling_verify on, and put the full chain into ssl_certificate.',
  references: [sslDocs('ssl_stapling_verify'), rfc(6960, '4.2.2.2')],
  *check(view) {
    for (const server of speaking(view)) {
      const at = server.one('ssl_stapling');
      if (at?.args[0] !== 'on' || server.value('ssl_stapling_verify') === 'on') continue;
      const edits = [inServer(view, server, ['ssl_stapling_verify on;'])];
      const own = server.own.first('ssl_stapling_verify');
      yield {
        at,
        message: `${server.title} staples OCSP answers that nobody verified`,
        fix: { title: 'Verify them', edits: own === null ? edits : [withArguments(own, 'on')] },
      };
    }
  },
};

const staplingWithoutResolver: Rule = {
  id: 'stapling-without-resolver',
  title: 'Stapling has no resolver',
  severity: 'warning',
  does: "nginx asks for the OCSP responder's address with resolver only. Without one it keeps the address that it found when it loaded the configuration.",
  matters: 'When the responder moves, stapling ends without a word at the usual log level.',
  remedy: 'Name a resolver that you trust, on the loopback where possible, or use ssl_stapling_file.',
  references: [sslDocs('ssl_stapling'), nginxDocs('http/ngx_http_core_module', 'resolver')],
  *check(view) {
    for (const server of speaking(view)) {
      const at = server.one('ssl_stapling');
      if (at?.args[0] !== 'on' || server.one('ssl_stapling_file') !== null) continue;
      if (server.one('resolver') !== null) continue;
      yield { at, message: `${server.title} staples, and has no resolver to find the OCSP responder with` };
    }
  },
};

export const TLS_RULES: readonly Rule[] = [protocols, ciphers, staplingUnverified, staplingWithoutResolver];
