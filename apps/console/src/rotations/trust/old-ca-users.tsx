import { Table, Text, Title } from '@mantine/core';
import type { RotationDescription } from '#rotation';
import { Ago } from '../../elements/ago.js';
import { Columns } from '../../elements/columns.js';
import { WideTable } from '../../elements/wide-table.js';

type Gate = NonNullable<RotationDescription['gate']>;

/** Who may still need the old CA, and what the gate before the contract says. */
export function OldCaUsers({ gate }: { readonly gate: Gate }) {
  const { open, because, opensAt, judgedAt, users, count, override } = gate;
  return (
    <section>
      <Title order={2} size="h4">
        Who still uses the old CA
      </Title>
      <Text size="sm">
        {open === null && 'Nobody has looked yet.'}
        {open === true && `The gate is open: ${because}.`}
        {open === false && `The gate is closed: ${because}.`}
        {open === false && opensAt !== null && (
          <>
            {' '}
            It opens by itself <Ago at={opensAt} />.
          </>
        )}
        {judgedAt && (
          <>
            {' '}
            Looked at <Ago at={judgedAt} />.
          </>
        )}
      </Text>
      {override && (
        <Text size="sm">
          {override.by} overrode it: {override.because}
        </Text>
      )}
      {users.length > 0 && <Users users={users} />}
      {count > users.length && <Text size="sm">And {count - users.length} more.</Text>}
    </section>
  );
}

function Users({ users }: Pick<Gate, 'users'>) {
  return (
    <WideTable label="Clients of the old CA" minWidth={520}>
      <Columns named={['Client', 'Serial', 'Certificate ends', 'Last seen']} />
      <Table.Tbody>
        {users.map(({ name, serial, until, lastSeen }) => (
          <Table.Tr key={`${name} ${serial}`}>
            <Table.Td>{name}</Table.Td>
            <Table.Td>
              <code>{serial}</code>
            </Table.Td>
            <Table.Td>{until === null ? 'not known' : <Ago at={until} />}</Table.Td>
            <Table.Td>{lastSeen === null ? 'by no host' : <Ago at={lastSeen} />}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </WideTable>
  );
}
