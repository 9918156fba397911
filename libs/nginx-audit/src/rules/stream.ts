import { nginxDocs, type Rule } from '../rule.js';

const STREAM_SSL = nginxDocs('stream/ngx_stream_ssl_module', 'ssl_verify_client');

const streamUnverified: Rule = {
  id: 'stream-unverified',
  title: 'A stream server ends TLS and asks for no certificate',
  severity: 'warning',
  does: 'stream has an ssl_verify_client of its own (since 1.11.8); nothing of http applies there.',
  matters:
    'The same services are often reached both ways, and only the http one was given a bundle: the other port takes everybody.',
  remedy: 'Set ssl_client_certificate and ssl_verify_client on in the stream server too.',
  references: [STREAM_SSL],
  *check(view) {
    const [asking] = view.servers.filter(({ asks }) => asks);
    if (asking === undefined) return;
    for (const server of view.servers.filter(({ protocol, tls }) => protocol === 'stream' && tls)) {
      if (server.asks || server.path('ssl_client_certificate') !== null) continue;
      yield {
        at: server.directive,
        message: `${server.title} of stream speaks TLS and verifies nobody, while others of this configuration do`,
        related: [asking.directive],
      };
    }
  },
};

const streamPassthrough: Rule = {
  id: 'stream-passthrough',
  title: 'A stream server hands TLS on unread',
  severity: 'note',
  does: 'With ssl_preread nginx looks at the SNI and hands the bytes on: no certificate is seen, $ssl_client_verify is empty.',
  matters: 'Who gets in is decided by what stands behind; this configuration says nothing about it.',
  remedy: 'Audit the servers behind it, and see that none of them can be reached with another name.',
  references: [nginxDocs('stream/ngx_stream_ssl_preread_module', 'ssl_preread')],
  *check(view) {
    for (const server of view.servers.filter(({ protocol, tls }) => protocol === 'stream' && !tls)) {
      const at = server.one('ssl_preread');
      if (at?.args[0] !== 'on' || server.own.first('proxy_pass') === null) continue;
      yield {
        at,
        message: `${server.title} hands TLS on to ${server.own.first('proxy_pass')?.args[0]} unread`,
      };
    }
  },
};

export const STREAM_RULES: readonly Rule[] = [streamUnverified, streamPassthrough];
