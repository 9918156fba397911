import { Table, UnstyledButton } from '@mantine/core';

export interface Sorting<K extends string> {
  readonly by: K;
  readonly descending: boolean;
}

interface SortHeaderProps<K extends string> {
  readonly by: K;
  readonly label: string;
  readonly sorting: Sorting<K>;
  onSort(sorting: Sorting<K>): void;
}

/** The head of a column that sorts: a button, so that the keyboard reaches it. */
export function SortHeader<K extends string>({ by, label, sorting, onSort }: SortHeaderProps<K>) {
  const here = sorting.by === by;
  const glyph = sorting.descending ? '▼' : '▲';
  return (
    <Table.Th aria-sort={here ? (sorting.descending ? 'descending' : 'ascending') : 'none'}>
      <UnstyledButton
        fz="inherit"
        fw="inherit"
        onClick={() => onSort({ by, descending: here && !sorting.descending })}
      >
        {label}&nbsp;<span aria-hidden="true">{here ? glyph : '↕'}</span>
      </UnstyledButton>
    </Table.Th>
  );
}
