// Mistakes in how Windlass gets at a CA: logins, wrapped secrets, rights, what people bring.

import { conformance, fleet, onFaultyFleet, unit } from './named-tests.mjs';

const VAULT = 'libs/ca-source/src/vault';

export const CA_MUTATIONS = [
  {
    name: 'ca: open a wrapping without a look at who made it',
    edits: [
      {
        file: `${VAULT}/wrapped-secret-id.ts`,
        from: '    await refuseForeign(place, mount, wrapped);\n',
        to: '',
      },
    ],
    test: conformance('ca-logins', 'what somebody else wrapped'),
    expect: /what somebody else wrapped/,
  },
  {
    name: 'ca: take the secret id of any AppRole',
    edits: [
      {
        file: `${VAULT}/wrapped-secret-id.ts`,
        from: `  const [before, after] = [\`auth/\${mount}/role/\`, `,
        to: "  const [before, after] = ['auth/', ",
      },
      {
        file: `${VAULT}/wrapped-secret-id.ts`,
        from: '  return /^[^/]+$/.test(',
        to: '  return /^.+$/.test(',
      },
    ],
    test: conformance('ca-logins', 'what somebody else wrapped'),
    expect: /what somebody else wrapped/,
  },
  {
    name: 'ca: log in for every call that begins at once',
    edits: [
      {
        file: `${VAULT}/vault-logins.ts`,
        from: '    if (held?.login !== login) return this.hold(ca, { login, lease: this.first(ca) });',
        to: '    if (held?.login !== login) {\n      const lease = await this.first(ca);\n      return this.hold(ca, { login, lease: Promise.resolve(lease) });\n    }',
      },
    ],
    test: conformance('ca-logins', 'is made once'),
    expect: /is made once/,
  },
  {
    name: 'ca: stay with the token of a secret id that was replaced',
    edits: [
      {
        file: `${VAULT}/vault-logins.ts`,
        from: '    if (held?.login !== login) return',
        to: '    if (held === undefined) return',
      },
    ],
    test: conformance('ca-logins', 'is made with the new secret id'),
    expect: /is made with the new secret id/,
  },
  {
    name: 'ca: give up at a token that Vault does not take any more',
    edits: [
      {
        file: `${VAULT}/logged-in-ca-source.ts`,
        from: '      if (!isDenied(error)) throw error;',
        to: '      throw error;',
      },
    ],
    test: conformance('ca-logins', 'in the middle of a call'),
    expect: /in the middle of a call/,
  },
  {
    name: 'ca: ship a right that nothing needs',
    edits: [
      {
        file: 'policy/vault/windlass.hcl',
        from: '/issuer/windlass-*" { capabilities = ["delete"] }',
        to: '/issuer/windlass-*" { capabilities = ["read", "delete"] }',
      },
    ],
    test: conformance('ca-policy', 'grants all that a rotation needs'),
    expect: /grants all that a rotation needs/,
  },
  {
    name: 'ca: forget, after a way back, that a new CA waits',
    edits: [
      {
        file: 'libs/persistence/src/postgres-uploaded-cas.ts',
        from: "      const left = ids.indexOf(from) > ids.indexOf(to) ? 'next' : 'past';",
        to: "      const left = 'past';",
      },
    ],
    test: conformance('ca-source.upload', 'switches and falls back'),
    expect: /switches and falls back/,
  },
  {
    name: 'ca: trust a CA that was brought without a client that it would have',
    edits: [
      {
        file: 'libs/engine/src/verdict/uploaded-ca.ts',
        from: "    if (verdict.verdict === 'accepted') return",
        to: '    if (verdict !== undefined) return',
      },
    ],
    test: fleet('e2e/uploaded-ca', 'a client of another CA'),
    expect: /a client of another CA/,
  },
  {
    name: 'ca: leave an issuer without a name behind, and its key with it',
    edits: [
      {
        file: `${VAULT}/vault-ca-source.ts`,
        from: '    if (ca.signedBy) await withdrawUnnamed(pki, name, byDefault.id);\n',
        to: '',
      },
    ],
    test: conformance('ca-source', 'is withdrawn where it was imported'),
    expect: /is withdrawn where it was imported/,
  },
  {
    name: 'ca: leave the roles with a new CA that failed',
    edits: [
      {
        file: 'libs/engine/src/perform/ca-effects.ts',
        from: '    await ports.ca.moveRole(fleet.issuingCa, name, newId, issuerRef);',
        to: '    void [name, newId, issuerRef];',
      },
    ],
    test: onFaultyFleet('chained-ca', 'F45'),
    expect: /F45/,
  },
  {
    name: 'ca: say nothing of who is still let in through a CA that stays',
    edits: [
      {
        file: 'libs/engine/src/perform/compositions.ts',
        from: '  const stillTrusted = vouching.map(',
        to: '  const stillTrusted = vouching.slice(0, 0).map(',
      },
    ],
    test: unit('libs/engine/src/perform/chained-ca', 'say what that means'),
    expect: /say what that means/,
  },
];
