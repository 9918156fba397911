import { expect, it } from 'vitest';
import { productName } from './product.js';

it.each([
  [{ version: '1.21.1', cluster_name: 'vault-cluster-215202be', enterprise: false }, 'Vault 1.21.1'],
  [{ version: '1.19.3+ent', enterprise: true }, 'Vault 1.19.3+ent'],
  [{ version: '1.13.0' }, 'Vault 1.13.0'],
  [{ version: '2.0.1', enterprise: false }, 'Vault 2.0.1'],
  [{ version: '2.4.4', cluster_name: 'bao-cluster-f0ff3736' }, 'OpenBao 2.4.4'],
  [{ version: '2.4.4', cluster_name: 'renamed' }, 'OpenBao 2.4.4'],
  [{ version: 'windlass-pki-sandbox-0.1.0' }, 'Windlass PKI sandbox 0.1.0 (not Vault)'],
  [{}, 'Vault (version not told)'],
])('%o is %s', (health, name) => {
  expect(productName(health)).toBe(name);
});
