import { Stack, Switch, Text, TextInput } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useDeferredValue, useMemo, useRef, useState } from 'react';
import type { RotationState } from '#rotation';
import { Toned } from '../../elements/toned.js';
import classes from './handshake-matrix.module.css';
import { type Answer, CALLERS, type Caller, handshakes, type ListenerRow } from './matrix.js';
import { isOdd, usualAnswers } from './usual.js';

const TITLES: Readonly<Record<Caller, string>> = {
  ...{ old: 'Old client', new: 'New client', none: 'No certificate' },
  ...{ stranger: 'Stranger', resumed: 'Resumed' },
};
const ROW_PX = 33;

/** Who was let in where: every listener against every kind of client, as the last proof of its host has it. */
export function HandshakeMatrix({ state }: { readonly state: RotationState }) {
  const calm = useDeferredValue(state);
  const rows = useMemo(() => handshakes(calm), [calm]);
  const usual = useMemo(() => usualAnswers(rows), [rows]);
  const [text, setText] = useState('');
  const [onlyOdd, setOnlyOdd] = useState(false);
  const wanted = text.trim().toLowerCase();
  const shown = rows.filter(
    (row) =>
      (!onlyOdd || isOdd(row, usual)) && `${row.hostName} ${row.listener}`.toLowerCase().includes(wanted),
  );
  return (
    <Stack gap="sm">
      <Text size="sm">
        What each listener answered since the last switch of its host; – where nobody was asked. The old
        client is one of the CA that goes, the resumed session one that it had before the switch.
      </Text>
      <div className={classes.filters}>
        <TextInput
          label="Host or listener"
          value={text}
          onChange={({ currentTarget }) => setText(currentTarget.value)}
        />
        <Switch
          label="Only what differs from most"
          checked={onlyOdd}
          onChange={({ currentTarget }) => setOnlyOdd(currentTarget.checked)}
        />
      </div>
      <Matrix rows={shown} />
    </Stack>
  );
}

function Matrix({ rows }: { readonly rows: readonly ListenerRow[] }) {
  const place = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    ...{ count: rows.length, overscan: 12, estimateSize: () => ROW_PX },
    getScrollElement: () => place.current,
  });
  const items = virtual.getVirtualItems();
  const above = items[0]?.start ?? 0;
  const below = virtual.getTotalSize() - (items.at(-1)?.end ?? 0);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by the keyboard.
    <section ref={place} className={classes.place} tabIndex={0} aria-label="Handshakes">
      <table className={classes.matrix} aria-rowcount={rows.length + 1}>
        <thead>
          <tr>
            <th scope="col">Host</th>
            <th scope="col">Listener</th>
            {CALLERS.map((caller) => (
              <th key={caller} scope="col">
                {TITLES[caller]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {above > 0 && <Gap height={above} />}
          {items.map(({ index }) => {
            const row = rows[index];
            return row && <Row key={`${row.hostId} ${row.listener}`} row={row} at={index} />;
          })}
          {below > 0 && <Gap height={below} />}
        </tbody>
      </table>
    </section>
  );
}

/** In the place of rows that nobody sees. */
function Gap({ height }: { readonly height: number }) {
  return (
    <tr>
      <td colSpan={2 + CALLERS.length} style={{ height, padding: 0 }} />
    </tr>
  );
}

function Row({ row, at }: { readonly row: ListenerRow; readonly at: number }) {
  return (
    <tr aria-rowindex={at + 2}>
      <th scope="row">{row.hostName}</th>
      <td>{row.listener === '' ? 'not asked yet' : row.listener}</td>
      {CALLERS.map((caller) => (
        <AnswerCell key={caller} answer={row.answers[caller]} />
      ))}
    </tr>
  );
}

function AnswerCell({ answer }: { readonly answer: Answer | undefined }) {
  if (!answer) return <td>–</td>;
  const { verdict, at, lines } = answer;
  const accepted = verdict === 'accepted';
  return (
    <td title={`${new Date(at).toLocaleString()}\n${lines.join('\n')}`}>
      <Toned tone={accepted ? 'good' : 'quiet'}>
        <span aria-hidden="true">{accepted ? '✔' : '⊘'}</span> {verdict}
      </Toned>
    </td>
  );
}
