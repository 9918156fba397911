import type { Options } from '../command-line/option.js';

export const ADD_OPTIONS = {
  file: {
    type: 'string',
    short: 'f',
    takes: 'FILE',
    says: 'YAML or JSON with the fields of POST /v1/fleets, for what has no option, such as AWS and uploaded CAs; - for standard input',
  },
  bundle: { type: 'string', takes: 'FILE', says: 'the client-CA bundle that the hosts serve today' },
  'vault-address': { type: 'string', takes: 'URL', says: 'of the Vault that issues to the clients' },
  'vault-namespace': { type: 'string', takes: 'NAME', says: 'of Vault Enterprise' },
  'vault-mount': { type: 'string', takes: 'MOUNT', says: 'path of the PKI; pki when left out' },
  'vault-role': { type: 'string', takes: 'ROLE', says: 'by which probe certificates are issued' },
  'vault-token-file': { type: 'string', takes: 'FILE', says: 'with a token; - for standard input' },
  'vault-role-id': { type: 'string', takes: 'ID', says: 'of an AppRole, in place of a token' },
  'vault-secret-id-file': { type: 'string', takes: 'FILE', says: 'with its secret id; - for standard input' },
  'vault-ca-file': {
    type: 'string',
    takes: 'FILE',
    says: 'CA of the certificate of Vault, where the system does not know it',
  },
  'signed-by': {
    type: 'string',
    takes: 'MOUNT[:ISSUER]',
    says: 'PKI that signs the CAs that rotations make; a new CA signs itself without it',
  },
  'pinned-roles': {
    type: 'string',
    takes: 'WORD',
    says: 'what becomes of Vault roles that pin the old issuer',
    oneOf: ['refuse', 'move'],
  },
  soak: {
    type: 'string',
    takes: 'TIME',
    says: 'how long clients have at least to renew, such as 12h or 7d; 1d when left out',
  },
  'contract-when': {
    type: 'string',
    takes: 'WORD',
    says: 'when the old CA may go',
    oneOf: ['unused', 'soaked'],
  },
  approval: {
    type: 'string',
    takes: 'WORD',
    says: 'whether a second person has to approve before the old CA goes',
    oneOf: ['none', 'contract'],
  },
  'client-log': { type: 'string', takes: 'PATH', says: 'access log on the hosts that names the clients' },
  revocation: {
    type: 'string',
    takes: 'WORD',
    says: 'whether generations hold CRLs',
    oneOf: ['none', 'crl'],
  },
  'canary-hosts': { type: 'string', takes: 'COUNT', says: 'hosts that go first; 1 when left out' },
  'ca-ttl': { type: 'string', takes: 'TIME', says: 'how long a new CA lives; 1y when left out' },
  'no-marker': { type: 'boolean', says: 'leaves the generation marker out of the bundles' },
} as const satisfies Options;
