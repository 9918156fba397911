// Mistakes in how Windlass drives AWS Private CA.

import { conformance } from './named-tests.mjs';

const AWS = 'libs/ca-source/src/aws';
const onMoto = (name) => conformance('ca-source.aws', name);

export const AWS_MUTATIONS = [
  {
    name: 'aws: issue from a CA without a look at its status',
    edits: [
      {
        file: `${AWS}/aws-ca-source.ts`,
        from: "      if (authority.Status !== 'ACTIVE') throw disabled(ca, arn);\n",
        to: '',
      },
    ],
    test: onMoto('stages, activates and rolls back'),
    expect: /stages, activates and rolls back/,
  },
  {
    name: 'aws: create a CA without a look for the one of that name',
    edits: [
      {
        file: `${AWS}/new-root.ts`,
        from: '  if (found[0] !== undefined) return found[0];\n',
        to: '',
      },
    ],
    test: onMoto('as often as asked'),
    expect: /as often as asked/,
  },
  {
    name: 'aws: have the client send a write again whose reply was lost',
    edits: [{ file: `${AWS}/private-cas.ts`, from: ', maxAttempts: 1 }', to: ' }' }],
    test: onMoto('lost reply of CreateCertificateAuthority'),
    expect: /lost reply of CreateCertificateAuthority/,
  },
  {
    name: 'aws: believe a switch that was not read back',
    edits: [
      {
        file: `${AWS}/aws-ca-source.ts`,
        from: '      confirmDefault(await readGroup(cas), ca, to);\n',
        to: '',
      },
    ],
    test: onMoto('at the same moment'),
    expect: /at the same moment/,
  },
  {
    name: 'aws: believe a status that was not read back',
    edits: [
      {
        file: `${AWS}/aws-ca-source.ts`,
        from: '  if (after.Status !== wanted) throw statusStays(cas.place, arn, String(after.Status), wanted);\n',
        to: '',
      },
    ],
    test: onMoto('does not become what it was made'),
    expect: /does not become what it was made/,
  },
  {
    name: 'aws: show the secret that somebody answers with',
    edits: [
      {
        file: `${AWS}/aws-failure.ts`,
        from: 'secret ? text.replaceAll(secret.reveal(), String(secret)) : text',
        to: 'text',
      },
    ],
    test: onMoto('is ca.denied'),
    expect: /is ca.denied/,
  },
];
