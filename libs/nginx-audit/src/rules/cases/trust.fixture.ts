import { ASKS, type RuleCase, server } from './rule-case.fixture.js';

export const TRUST_CASES: readonly RuleCase[] = [
  {
    rule: 'bundle-missing',
    what: 'no bundle anywhere',
    config: server('ssl_verify_client on;'),
    found: ['2 error'],
  },
  {
    rule: 'bundle-missing',
    what: 'a bundle of http',
    config: `ssl_client_certificate /ca.pem;\n${server('ssl_verify_client on;')}`,
    found: [],
  },
  {
    rule: 'bundle-replaced',
    what: 'another bundle in http',
    config: `ssl_client_certificate /all.pem;\n${server(ASKS)}`,
    found: ['3 note'],
  },
  {
    rule: 'bundle-replaced',
    what: 'the same bundle in http',
    config: `ssl_client_certificate /ca.pem;\n${server(ASKS)}`,
    found: [],
  },
  { rule: 'depth-default', what: 'nothing said', config: server(ASKS), found: ['2 warning'] },
  {
    rule: 'depth-default',
    what: 'one said',
    config: server(`${ASKS}\nssl_verify_depth 1;`),
    found: ['3 warning'],
  },
  { rule: 'depth-default', what: 'room enough', config: server(`${ASKS} ssl_verify_depth 2;`), found: [] },
  {
    rule: 'depth-default',
    what: 'a depth that is known to do',
    config: server(ASKS),
    clientDepth: 1,
    found: [],
  },
  {
    rule: 'depth-too-small',
    what: 'clients below three CAs',
    config: server(`${ASKS}\nssl_verify_depth 2;`),
    clientDepth: 3,
    found: ['3 error'],
  },
  {
    rule: 'depth-too-small',
    what: 'clients below two CAs',
    config: server(`${ASKS}\nssl_verify_depth 2;`),
    clientDepth: 2,
    found: [],
  },
  {
    rule: 'trusted-file-widens',
    what: 'another file',
    config: server(`${ASKS}\nssl_trusted_certificate /all.pem;`),
    found: ['3 warning'],
  },
  {
    rule: 'trusted-file-widens',
    what: 'the bundle itself',
    config: server(`${ASKS}\nssl_trusted_certificate /ca.pem;`),
    found: [],
  },
  {
    rule: 'trusted-file-widens',
    what: 'a server that asks nobody',
    config: server('ssl_trusted_certificate /all.pem;'),
    found: [],
  },
];
