import { Select, SimpleGrid, TextInput } from '@mantine/core';
import { useAllFleets } from '../fleets/all-fleets.js';
import type { AuditFilter } from './audit-query.js';

interface AuditFiltersProps {
  readonly filter: AuditFilter;
  onChange(filter: AuditFilter): void;
}

export function AuditFilters({ filter, onChange }: AuditFiltersProps) {
  const { data: fleets = [] } = useAllFleets();
  const text = (field: keyof AuditFilter) => ({
    value: filter[field],
    onChange: (event: { currentTarget: { value: string } }) =>
      onChange({ ...filter, [field]: event.currentTarget.value }),
  });
  return (
    <SimpleGrid cols={{ base: 1, xs: 2, md: 5 }} role="search" aria-label="Filter the audit log">
      <TextInput {...text('actor')} label="Who" placeholder="api-key:<id>, windlass" />
      <TextInput {...text('operation')} label="What" placeholder="pauseRotation" />
      <Select
        label="Fleet"
        placeholder="all"
        clearable
        searchable
        clearButtonProps={{ 'aria-label': 'All fleets' }}
        data={fleets.map(({ id, name }) => ({ value: `fleet:${id}`, label: name }))}
        value={filter.subject === '' ? null : filter.subject}
        onChange={(subject) => onChange({ ...filter, subject: subject ?? '' })}
      />
      <TextInput {...text('from')} label="From" type="datetime-local" />
      <TextInput {...text('until')} label="Until" type="datetime-local" />
    </SimpleGrid>
  );
}
