import { Code, Table, Text } from '@mantine/core';
import type { components } from '#api-client';
import { Ago } from '../elements/ago.js';
import { Columns } from '../elements/columns.js';
import { StateBadge, type Tone } from '../elements/state-badge.js';
import { WideTable } from '../elements/wide-table.js';

type AuditEntry = components['schemas']['AuditEntry'];

const OUTCOMES: Readonly<
  Record<NonNullable<AuditEntry['outcome']>, { readonly tone: Tone; readonly glyph: string }>
> = {
  succeeded: { tone: 'good', glyph: '✔' },
  refused: { tone: 'waits', glyph: '⊘' },
  failed: { tone: 'bad', glyph: '✖' },
};

export function AuditTable({ entries }: { readonly entries: readonly AuditEntry[] }) {
  return (
    <WideTable label="Audit entries" minWidth={760}>
      <Columns named={['Number', 'When', 'Who', 'What', 'How it ended', 'On']} />
      <Table.Tbody>
        {entries.map((entry) => (
          <AuditRow key={entry.id} entry={entry} />
        ))}
      </Table.Tbody>
    </WideTable>
  );
}

function AuditRow({ entry }: { readonly entry: AuditEntry }) {
  const { number, at, actor, actorLabel, actorRole, operation, subjects, reason, hash, details } = entry;
  return (
    <Table.Tr>
      <Table.Td className="numbers" title={`hash ${hash}`}>
        {number}
      </Table.Td>
      <Table.Td>
        <Ago at={at} />
      </Table.Td>
      <Table.Td title={actor}>
        {actorLabel ?? actor}
        {actorRole !== null && (
          <Text size="xs" c="dimmed">
            {actorRole}
          </Text>
        )}
      </Table.Td>
      <Table.Td>
        {operation}
        {reason !== null && <Text size="xs">“{reason}”</Text>}
        <Details details={details} />
      </Table.Td>
      <Table.Td>
        <Ended entry={entry} />
      </Table.Td>
      <Table.Td>
        {subjects.map((subject) => (
          <Text key={subject} size="xs" className="mono" title={subject}>
            {shortened(subject)}
          </Text>
        ))}
      </Table.Td>
    </Table.Tr>
  );
}

function Ended({ entry: { stage, outcome } }: { readonly entry: AuditEntry }) {
  if (outcome === null) {
    return (
      <StateBadge tone="quiet" glyph="◌">
        {stage === 'intent' ? 'asked for' : stage}
      </StateBadge>
    );
  }
  return <StateBadge {...OUTCOMES[outcome]}>{outcome}</StateBadge>;
}

function Details({ details }: { readonly details: AuditEntry['details'] }) {
  if (Object.keys(details).length === 0) return null;
  return (
    <details>
      <Text component="summary" size="xs">
        Details
      </Text>
      <Code block>{JSON.stringify(details, null, 2)}</Code>
    </details>
  );
}

/** `fleet:0193a1c0…`: the kind, and what of the id tells it apart. */
function shortened(subject: string): string {
  const [kind, id = ''] = subject.split(':');
  return id.length > 13 ? `${kind}:${id.slice(0, 13)}…` : subject;
}
