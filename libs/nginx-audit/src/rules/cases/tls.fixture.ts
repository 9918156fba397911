import { type RuleCase, server } from './rule-case.fixture.js';

const INTERMEDIATE = 'ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-CHACHA20-POLY1305:DHE-RSA-AES128-GCM-SHA256';

export const TLS_CASES: readonly RuleCase[] = [
  {
    rule: 'protocols',
    what: 'old versions',
    config: server('\nssl_protocols TLSv1.1 TLSv1.2;'),
    found: ['3 error'],
  },
  {
    rule: 'protocols',
    what: 'old versions of http, once',
    config: `ssl_protocols TLSv1;\n${server('')}\n${server('')}`,
    found: ['1 error'],
  },
  {
    rule: 'protocols',
    what: 'old versions for servers to come',
    config: 'http {\nssl_protocols TLSv1 TLSv1.2;\n}',
    found: ['2 error'],
  },
  { rule: 'protocols', what: 'the default', config: server(''), found: ['1 warning'] },
  { rule: 'protocols', what: 'the default of a new nginx', config: server(''), version: '1.27.3', found: [] },
  { rule: 'protocols', what: 'new ones', config: server('ssl_protocols TLSv1.2 TLSv1.3;'), found: [] },
  { rule: 'ciphers', what: 'the default', config: server(''), found: ['1 warning'] },
  { rule: 'ciphers', what: 'TLS 1.3 only', config: server('ssl_protocols TLSv1.3;'), found: [] },
  { rule: 'ciphers', what: "Mozilla's", config: server(`ssl_ciphers ${INTERMEDIATE};`), found: [] },
  {
    rule: 'ciphers',
    what: "OpenSSL's words for good ones",
    config: server('ssl_ciphers "ECDHE+AESGCM:ECDHE+CHACHA20:!aNULL";'),
    found: [],
  },
  { rule: 'ciphers', what: 'RC4', config: server('\nssl_ciphers HIGH:RC4:!aNULL;'), found: ['3 error'] },
  {
    rule: 'ciphers',
    what: 'a security level',
    config: server(`\nssl_ciphers ${INTERMEDIATE}@SECLEVEL=0;`),
    found: ['3 error'],
  },
  {
    rule: 'ciphers',
    what: 'CBC',
    config: server(`\nssl_ciphers ${INTERMEDIATE}:ECDHE-RSA-AES128-SHA;`),
    found: ['3 warning'],
  },
  {
    rule: 'stapling-unverified',
    what: 'no verification',
    config: server('\nssl_stapling on;'),
    found: ['3 warning'],
  },
  {
    rule: 'stapling-unverified',
    what: 'verification',
    config: server('ssl_stapling on; ssl_stapling_verify on;'),
    found: [],
  },
  {
    rule: 'stapling-without-resolver',
    what: 'no resolver',
    config: server('\nssl_stapling on;'),
    found: ['3 warning'],
  },
  {
    rule: 'stapling-without-resolver',
    what: 'a resolver of http',
    config: `resolver 127.0.0.1;\n${server('ssl_stapling on;')}`,
    found: [],
  },
  {
    rule: 'stapling-without-resolver',
    what: 'a file',
    config: server('ssl_stapling on; ssl_stapling_file /o;'),
    found: [],
  },
];
