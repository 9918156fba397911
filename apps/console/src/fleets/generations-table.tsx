import { Table, Title } from '@mantine/core';
import { Ago } from '../elements/ago.js';
import { Columns } from '../elements/columns.js';
import { Digest } from '../elements/digest.js';
import { More } from '../elements/more.js';
import { ProblemAlert } from '../elements/problem-alert.js';
import { StateBadge } from '../elements/state-badge.js';
import { WideTable } from '../elements/wide-table.js';
import { usePages } from '../session/pages.js';
import { useSession } from '../session/session.js';
import type { Fleet } from './all-fleets.js';

/** Every bundle that the fleet was ever given. */
export function GenerationsTable({ fleet }: { readonly fleet: Fleet }) {
  const { client } = useSession();
  const pages = usePages(['fleets', fleet.id, 'generations'], (page) =>
    client.GET('/v1/fleets/{fleetId}/generations', {
      params: { path: { fleetId: fleet.id }, query: page },
    }),
  );
  return (
    <section>
      <Title order={2} size="h4" mb="xs">
        Generations
      </Title>
      {pages.error && <ProblemAlert error={pages.error} />}
      <WideTable label="Generations" minWidth={480}>
        <Columns named={['Number', 'Digest', 'Marker', 'Made']} />
        <Table.Tbody>
          {pages.items.map(({ id, number, digest, marker, createdAt }) => (
            <Table.Tr key={id}>
              <Table.Td>
                #{number}{' '}
                {id === fleet.generation.id && (
                  <StateBadge tone="good" glyph="●">
                    served
                  </StateBadge>
                )}
              </Table.Td>
              <Table.Td>
                <Digest of={digest} />
              </Table.Td>
              <Table.Td>{marker === null ? 'none: it came from outside' : <code>{marker}</code>}</Table.Td>
              <Table.Td>
                <Ago at={createdAt} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </WideTable>
      <More of={pages} />
    </section>
  );
}
