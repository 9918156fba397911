import { Alert, Stack, Table, Text, Title } from '@mantine/core';
import type { RotationDescription } from '#rotation';
import { Columns } from '../../elements/columns.js';
import { WideTable } from '../../elements/wide-table.js';
import { DecisionList } from './decision-list.js';
import { GenerationsTable } from './generations-table.js';
import { OldCaUsers } from './old-ca-users.js';

/** What changes in trust, fleet by fleet, who still needs what goes, and what was decided on that. */
export function TrustPanel({ description }: { readonly description: RotationDescription }) {
  const { fleetId, fleetName, generations, otherFleets, ca, gate, approval, decommissioned } = description;
  return (
    <Stack gap="lg" style={{ overflowWrap: 'anywhere' }}>
      {approval?.awaited && (
        <Alert color="yellow" title="A second person has to approve">
          Nothing is dropped before somebody else than {description.requestedBy} approves of the change below.
        </Alert>
      )}
      {[{ fleetId, fleetName, generations }, ...otherFleets].map((fleet) => (
        <GenerationsTable key={fleet.fleetId} {...fleet} />
      ))}
      <section>
        <Title order={2} size="h4">
          The CA
        </Title>
        <Text size="sm">
          {ca.product === null
            ? 'It was not looked at.'
            : `${ca.product}; the old issuer is ${ca.oldIssuerId}.`}
          {ca.newIssuer && ` The new one is ${ca.newIssuer.name}, ${ca.newIssuer.subject}, until `}
          {ca.newIssuer && <time>{new Date(ca.newIssuer.notAfter).toLocaleString()}</time>}
        </Text>
      </section>
      {approval?.given && (
        <Text size="sm">
          {approval.given.by} approved of <code>{approval.given.trustDiffDigest}</code>
          {approval.given.counts ? '.' : ', which is not the change that is ahead any more.'}
        </Text>
      )}
      {gate && <OldCaUsers gate={gate} />}
      <DecisionList decisions={description.decisions} />
      {decommissioned.length > 0 && <GivenUp given={decommissioned} />}
    </Stack>
  );
}

function GivenUp({ given }: { readonly given: RotationDescription['decommissioned'] }) {
  return (
    <section>
      <Title order={2} size="h4">
        Hosts that were given up
      </Title>
      <WideTable label="Hosts that were given up" minWidth={420}>
        <Columns named={['Host', 'By', 'Why']} />
        <Table.Tbody>
          {given.map(({ hostId, host, by, because }) => (
            <Table.Tr key={hostId}>
              <Table.Td>{host}</Table.Td>
              <Table.Td>{by}</Table.Td>
              <Table.Td>{because}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </WideTable>
    </section>
  );
}
