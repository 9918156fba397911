import { Alert, Paper, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { fleetOfHost, type RotationState } from '#rotation';
import { Ago } from '../../elements/ago.js';
import { GiveUpHost } from '../verbs/give-up-host.js';
import type { RotationHost } from './host-cells.js';
import classes from './host-details.module.css';

interface HostDetailsProps {
  readonly state: RotationState;
  readonly host: RotationHost | undefined;
  readonly isNow: boolean;
}

/** All that is known of one host. */
export function HostDetails({ state, host, isNow }: HostDetailsProps) {
  return (
    <Paper withBorder p="sm" role="region" aria-label="Chosen host">
      {host ? (
        <Known {...{ state, host, isNow }} />
      ) : (
        <Text size="sm">Choose a host to see where it is, what it serves and what it answered.</Text>
      )}
    </Paper>
  );
}

function Known({ state, host, isNow }: HostDetailsProps & { readonly host: RotationHost }) {
  const { hostId, name, step, serving, digest, since, reason, probes } = host;
  const { fleetName } = fleetOfHost(state.snapshot, hostId);
  return (
    <Stack gap="sm">
      <Title order={2} size="h4" style={{ overflowWrap: 'anywhere' }}>
        {name}
      </Title>
      {reason && (
        <Alert color="red" title={reason.message}>
          Next: {reason.nextStep}
          {reason.detail !== undefined && <pre className={classes.transcript}>{reason.detail}</pre>}
        </Alert>
      )}
      <dl className={classes.facts}>
        {state.snapshot.otherFleets.length > 0 && <Fact name="Fleet">{fleetName}</Fact>}
        <Fact name="Step">{step}</Fact>
        <Fact name="Serves">{serving}</Fact>
        <Fact name="Since">
          <Ago at={since} />
        </Fact>
        <Fact name="Digest">
          <code>{digest ?? 'not seen yet'}</code>
        </Fact>
      </dl>
      {isNow && <GiveUpHost {...{ state, hostId }} />}
      <div>
        <Title order={3} size="h6">
          Last proof
        </Title>
        {probes.length === 0 && <Text size="sm">It was not asked yet.</Text>}
        {probes.length > 0 && (
          <ul className={classes.transcript}>
            {probes.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        )}
      </div>
    </Stack>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
