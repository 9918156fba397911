import { Anchor, Table, Text } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef } from 'react';
import { Ago } from '../elements/ago.js';
import { Digest } from '../elements/digest.js';
import { ExpiryBadge } from '../fleets/expiry-badge.js';
import type { Host } from './all-hosts.js';
import { HostBadge } from './host-badge.js';
import { servingInWords, stateOf } from './host-state.js';
import classes from './host-table.module.css';

/** Most rows come near it; each is measured as it is drawn. */
const ROW_PX = 44;
const BEYOND = 12;

interface HostTableProps {
  readonly hosts: readonly Host[];
  onOpen(hostId: string): void;
}

/** Draws the rows that are in view alone, so that thousands scroll like ten. */
export function HostTable({ hosts, onOpen }: HostTableProps) {
  const scroller = useRef<HTMLElement>(null);
  const rows = useVirtualizer({
    ...{ count: hosts.length, overscan: BEYOND },
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    getItemKey: (index) => hosts[index]?.id ?? index,
  });
  const drawn = rows.getVirtualItems();
  const above = drawn[0]?.start ?? 0;
  const below = rows.getTotalSize() - (drawn.at(-1)?.end ?? 0);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by the keyboard.
    <section ref={scroller} className={classes.scroller} tabIndex={0} aria-label="Hosts">
      <Table verticalSpacing="xs" highlightOnHover stickyHeader miw={760} aria-rowcount={hosts.length + 1}>
        <Table.Thead>
          <Table.Tr aria-rowindex={1}>
            {['Host', 'State', 'Address', 'File', 'Listeners', 'Trust ends', 'Last seen'].map((head) => (
              <Table.Th key={head}>{head}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          <Spacer height={above} />
          {drawn.map(({ index, key }) => {
            const host = hosts[index];
            return (
              host && (
                <Table.Tr key={key} ref={rows.measureElement} data-index={index} aria-rowindex={index + 2}>
                  <HostCells host={host} onOpen={onOpen} />
                </Table.Tr>
              )
            );
          })}
          <Spacer height={below} />
        </Table.Tbody>
      </Table>
    </section>
  );
}

/** Stands where the rows are that are not drawn. */
function Spacer({ height }: { readonly height: number }) {
  if (height <= 0) return null;
  return (
    <Table.Tr aria-hidden="true">
      <Table.Td colSpan={7} h={height} p={0} />
    </Table.Tr>
  );
}

function HostCells({ host, onOpen }: { readonly host: Host; onOpen(hostId: string): void }) {
  const { id, name, address, port, observed } = host;
  return (
    <>
      <Table.Th scope="row" fw={400}>
        <Anchor
          component="button"
          type="button"
          fw={600}
          ta="start"
          className={classes.name}
          onClick={() => onOpen(id)}
        >
          {name}
        </Anchor>
      </Table.Th>
      <Table.Td>
        <HostBadge state={stateOf(host)} />
      </Table.Td>
      <Table.Td>
        <code>
          {address}:{port}
        </code>
      </Table.Td>
      <Table.Td>
        <Files files={observed?.files ?? []} />
      </Table.Td>
      <Table.Td>{observed ? servingInWords(observed.listeners) : <Unknown />}</Table.Td>
      <Table.Td>{observed?.expiresAt ? <ExpiryBadge at={observed.expiresAt} /> : <Unknown />}</Table.Td>
      <Table.Td>{observed?.seenAt ? <Ago at={observed.seenAt} /> : <Unknown word="never" />}</Table.Td>
    </>
  );
}

function Files({ files }: { readonly files: readonly { readonly digest: string | null }[] }) {
  const [first, ...others] = new Set(files.map(({ digest }) => digest));
  if (first === undefined) return <Unknown />;
  if (others.length > 0) return <Text size="sm">{others.length + 1} that differ</Text>;
  return first === null ? <Text size="sm">not readable</Text> : <Digest of={first} />;
}

function Unknown({ word = 'not known' }: { readonly word?: string }) {
  return (
    <Text size="sm" c="dimmed" component="span">
      {word}
    </Text>
  );
}
