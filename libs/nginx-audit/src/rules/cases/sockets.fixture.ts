import { ASKS, type RuleCase, server } from './rule-case.fixture.js';

export const SOCKETS_CASES: readonly RuleCase[] = [
  {
    rule: 'no-sni-other-trust',
    what: 'a default server with another CA',
    config: `${server('ssl_client_certificate /b.pem; ssl_verify_client on; server_name b;')}\n${server(`${ASKS} server_name a;`)}`,
    found: ['1 error'],
  },
  {
    rule: 'no-sni-other-trust',
    what: 'a default server that asks nobody',
    config: `${server(`${ASKS} server_name a;`)}\n${server('', 'listen 443 ssl default_server;')}`,
    found: ['4 warning'],
  },
  {
    rule: 'no-sni-other-trust',
    what: 'a default server that rejects',
    config: `${server(`${ASKS} server_name a;`)}\nserver { listen 443 ssl default_server; ssl_reject_handshake on; }`,
    found: [],
  },
  {
    rule: 'no-sni-other-trust',
    what: 'servers with the same trust',
    config: `${server(ASKS)}\n${server(ASKS)}`,
    found: [],
  },
  {
    rule: 'no-sni-other-trust',
    what: 'servers on other sockets',
    config: `${server(ASKS)}\n${server('', 'listen 8443 ssl;')}`,
    found: [],
  },
  {
    rule: 'shared-socket-other-trust',
    what: 'a neighbour that asks nobody',
    config: `${server(`${ASKS}\nserver_name a;`)}\n${server('server_name b;')}`,
    found: ['2 warning'],
  },
  {
    rule: 'shared-socket-other-trust',
    what: 'an nginx that has the flaw',
    config: `${server(ASKS)}\n${server('')}`,
    version: '1.26.2',
    found: ['2 error'],
  },
  {
    rule: 'shared-socket-other-trust',
    what: 'an nginx that has it no more',
    config: `${server(ASKS)}\n${server('')}`,
    version: '1.26.3',
    found: [],
  },
  {
    rule: 'shared-socket-other-trust',
    what: 'no resumption',
    config: `ssl_session_tickets off;\n${server(ASKS)}\n${server('')}`,
    found: [],
  },
  {
    rule: 'session-resumption',
    what: 'a CRL and tickets',
    config: server(`${ASKS}\nssl_crl /crl.pem;`),
    found: ['3 warning'],
  },
  {
    rule: 'session-resumption',
    what: 'a CRL and a cache',
    config: server(`${ASKS} ssl_session_tickets off; ssl_session_cache shared:a:1m;\nssl_crl /crl.pem;`),
    found: ['3 warning'],
  },
  {
    rule: 'session-resumption',
    what: 'a CRL alone',
    config: server(`${ASKS} ssl_session_tickets off; ssl_session_cache none;\nssl_crl /crl.pem;`),
    found: [],
  },
  {
    rule: 'session-resumption',
    what: 'a CRL taken back',
    config: `ssl_crl /crl.pem;\n${server(`${ASKS} ssl_crl "";`)}`,
    found: [],
  },
  {
    rule: 'session-ticket-key',
    what: 'a key file',
    config: `ssl_session_ticket_key /k;\n${server(ASKS)}`,
    found: ['1 warning'],
  },
  {
    rule: 'session-ticket-key',
    what: 'a key file without tickets',
    config: server(`${ASKS} ssl_session_tickets off; ssl_session_ticket_key /k;`),
    found: [],
  },
];
