import type { ConfigView, Socket } from '../config-view.js';
import { before, setInServer, withoutWord } from '../edits.js';
import type { EffectiveServer } from '../effective-server.js';
import type { Edit, Fix, Rule } from '../rule.js';
import { nginxDocs, sslDocs } from '../rule.js';
import { resumption } from './sessions.js';
import { verifyPlace } from './verification.js';
import { isAffected, SESSION_REUSE } from './versions.js';

const speaking = ({ sockets }: ConfigView): readonly Socket[] =>
  sockets.filter(({ tls, servers }) => tls && servers.length > 1 && servers.some(({ asks }) => asks));

const noSniOtherTrust: Rule = {
  id: 'no-sni-other-trust',
  title: 'Without SNI another server decides who gets in',
  severity: 'error',
  does: 'A client that sends no SNI shakes hands with the default server of the socket: its CAs are asked, its verdict counts. The Host header then chooses the server that answers, and nginx compares the two only for clients that sent SNI (421).',
  matters:
    'A client of the default server gets into a server that trusts other CAs. Where the default server asks nobody, clients in good standing that send no SNI are refused.',
  remedy:
    'Give the socket a default server that ends such handshakes: ssl_reject_handshake on (nginx 1.19.4 and later).',
  references: [
    sslDocs('ssl_reject_handshake'),
    nginxDocs('http/configuring_https_servers', 'name_based_https_servers'),
    { title: 'RFC 6066, section 3', url: 'https://www.rfc-editor.org/rfc/rfc6066#section-3' },
  ],
  *check(view) {
    for (const socket of speaking(view)) {
      const { defaultServer, servers, address, protocol } = socket;
      if (protocol === 'stream' || defaultServer.rejects) continue;
      const others = servers.filter((one) => one.asks && one.trust !== defaultServer.trust);
      const [other] = others;
      if (other === undefined) continue;
      yield {
        at: defaultServer.directive,
        message: defaultServer.asks
          ? `a client without SNI is verified by ${defaultServer.title}, the default of ${address}, and may then ask for ${other.title}, which trusts others`
          : `a client without SNI meets ${defaultServer.title}, the default of ${address}, which asks for no certificate: ${other.title} then refuses it`,
        severity: defaultServer.asks ? 'error' : 'warning',
        related: others.map(({ directive }) => directive),
        fix: rejecting(view, socket),
      };
    }
  },
};

/** Puts a default server in front that ends every handshake without a known name. */
function rejecting(view: ConfigView, socket: Socket): Fix | null {
  const [first] = socket.servers;
  if (first === undefined || first.directive.file !== socket.defaultServer.directive.file) return null;
  const listens = socket.servers.flatMap((server) =>
    server.listens.filter(({ socket: one }) => one === socket.address),
  );
  const [listen] = listens;
  const address = listen?.directive?.args[0];
  if (address === undefined || listens.some(({ directive }) => directive?.args.includes('quic'))) return null;
  const demoted: Edit[] = listens.flatMap(({ directive, isDefault }) => {
    if (directive === null || !isDefault) return [];
    const index = directive.words.findIndex(({ text }) => text === 'default_server' || text === 'default');
    return withoutWord(directive, index);
  });
  const lines = [
    'server {',
    `    listen ${address} ssl default_server;`,
    '    ssl_reject_handshake on;',
    // Handshakes start in the default server: what it says of protocols and sessions holds for the socket.
    '    ssl_protocols TLSv1.2 TLSv1.3;',
    '    ssl_session_tickets off;',
    '}',
  ];
  return {
    title: 'Put a default server in front that rejects handshakes without a known name',
    edits: [before(view, first.directive, lines), ...demoted],
  };
}

const sharedSocketOtherTrust: Rule = {
  id: 'shared-socket-other-trust',
  title: 'Servers with other CAs share a socket, and sessions can be resumed',
  severity: 'warning',
  does: 'A resumed session carries the verdict of the full handshake. nginx keeps the sessions of one socket apart by what its servers trust, but before 1.27.4 and 1.26.3 a TLS 1.3 session of one server is resumed at another (CVE-2025-23419). Measured on 1.22.1: the foreign session is resumed, and only the check of the Host header (421) keeps the request out.',
  matters:
    'A client that one server took, or that it never asked for a certificate, is taken by its neighbour.',
  remedy:
    'Update nginx. Until then switch resumption off in the default server of the socket: ssl_session_tickets off, and no shared ssl_session_cache; or give each CA a socket of its own.',
  references: [
    { title: 'CVE-2025-23419', url: 'https://nginx.org/en/security_advisories.html' },
    sslDocs('ssl_session_tickets'),
    sslDocs('ssl_session_cache'),
  ],
  *check(view) {
    if (view.version !== null && !isAffected(view.version, SESSION_REUSE)) return;
    for (const { servers, defaultServer, address, protocol } of speaking(view)) {
      if (protocol === 'stream') continue;
      const trusts = new Set(servers.filter(({ rejects }) => !rejects).map(({ trust }) => trust));
      if (trusts.size < 2) continue;
      const other = servers.find(({ asks }) => asks);
      const resumable = [...new Set([defaultServer, ...servers])].filter((one) => resumption(one) !== null);
      if (other === undefined || resumable.length === 0) continue;
      yield {
        at: verifyPlace(other),
        message: `${other.title} shares ${address} with servers that trust others, and TLS sessions can be resumed there${view.version === null ? ' (safe from nginx 1.27.4 and 1.26.3 on; name the version with --nginx-version)' : ''}`,
        severity: view.version === null ? 'warning' : 'error',
        related: servers.filter((one) => one !== other).map(({ directive }) => directive),
        fix: {
          title: 'Switch resumption off on this socket',
          edits: resumable.flatMap((server) => withoutResumption(view, server)),
        },
      };
    }
  },
};

function withoutResumption(view: ConfigView, server: EffectiveServer): Edit[] {
  const how = resumption(server);
  return [
    ...(how?.tickets ? [setInServer(view, server, 'ssl_session_tickets', 'off')] : []),
    ...(how?.cache ? [setInServer(view, server, 'ssl_session_cache', 'none')] : []),
  ];
}

export const SOCKET_RULES: readonly Rule[] = [noSniOtherTrust, sharedSocketOtherTrust];
