import { Stack, Tabs } from '@mantine/core';
import { useState } from 'react';
import type { RotationDescription, RotationState } from '#rotation';
import type { FeedView } from '../feed/rotation-feed.js';
import { HandshakeMatrix } from './handshakes/handshake-matrix.js';
import { HostsPanel } from './hosts/hosts-panel.js';
import { Blocks } from './overview/blocks.js';
import { Explanation } from './overview/explanation.js';
import { Heading } from './overview/heading.js';
import { LookBack } from './overview/look-back.js';
import { PhaseStepper } from './phases/phase-stepper.js';
import { TimeLine } from './time-line/time-line.js';
import { TrustPanel } from './trust/trust-panel.js';

export interface RotationViewProps {
  /** What is shown: of now, or of the entry that is looked back at. */
  readonly state: RotationState;
  readonly description: RotationDescription;
  readonly view: FeedView;
  /** Sequence of the entry that is looked back at; null: now. */
  readonly backTo: number | null;
  /** Whether `state` is of now. */
  readonly isNow: boolean;
  lookBackTo(sequence: number | null): void;
}

export function RotationView(props: RotationViewProps) {
  const { state, description, view, backTo, isNow, lookBackTo } = props;
  const [tab, setTab] = useState<string | null>('hosts');
  return (
    <Stack gap="md">
      <Heading {...{ state, description, view }} isNow={isNow} />
      <LookBack {...{ view, backTo, lookBackTo }} />
      <PhaseStepper state={state} begun={view.phases} isNow={isNow} />
      <Blocks {...{ state, description }} isNow={isNow} />
      <Explanation text={description.explanation} />
      <Tabs value={tab} onChange={setTab} keepMounted={false}>
        <Tabs.List>
          <Tabs.Tab value="hosts">Hosts ({description.hosts.length})</Tabs.Tab>
          <Tabs.Tab value="handshakes">Handshakes</Tabs.Tab>
          <Tabs.Tab value="trust">Trust</Tabs.Tab>
          <Tabs.Tab value="time-line">Time line ({view.count})</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="hosts" pt="md">
          <HostsPanel {...{ state, description }} isNow={isNow} />
        </Tabs.Panel>
        <Tabs.Panel value="handshakes" pt="md">
          <HandshakeMatrix state={state} />
        </Tabs.Panel>
        <Tabs.Panel value="trust" pt="md">
          <TrustPanel description={description} />
        </Tabs.Panel>
        <Tabs.Panel value="time-line" pt="md">
          <TimeLine {...{ view, backTo, lookBackTo }} names={state.snapshot.hostNames} />
        </Tabs.Panel>
      </Tabs>
    </Stack>
  );
}
