import { Table } from '@mantine/core';

/** The head of a table, by the names of its columns. */
export function Columns({ named }: { readonly named: readonly string[] }) {
  return (
    <Table.Thead>
      <Table.Tr>
        {named.map((name) => (
          <Table.Th key={name}>{name}</Table.Th>
        ))}
      </Table.Tr>
    </Table.Thead>
  );
}
