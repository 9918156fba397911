import { Paper, Stack, Text } from '@mantine/core';
import { Ago } from '../elements/ago.js';
import { Digest } from '../elements/digest.js';
import { FactList } from '../elements/fact-list.js';
import type { Fleet } from './all-fleets.js';
import { CheckDrift } from './check-drift.js';
import { DriftBadge } from './drift-badge.js';
import { ExpiryBadge } from './expiry-badge.js';
import { NextRotation } from './next-rotation.js';
import { RunningRotation } from './running-rotation.js';

/** A fleet at a glance. */
export function FleetFacts({ fleet }: { readonly fleet: Fleet }) {
  const { generation, nextRotation, lastRotatedAt, lastRehearsedAt } = fleet;
  return (
    <Paper withBorder p="md">
      <Stack gap="md">
        <FactList
          facts={[
            ['Trust ends', <ExpiryBadge key="v" at={fleet.expiresAt} />],
            ['Drift', <DriftBadge key="v" drift={fleet.drift} />],
            ['Rotation now', <RunningRotation key="v" rotation={fleet.rotation} />],
            ['Next rotation', <NextRotation key="v" of={nextRotation} />],
            [
              'Generation',
              <span key="v">
                #{generation.number} <Digest of={generation.digest} />, <Ago at={generation.createdAt} />
              </span>,
            ],
            ['Last rotated', lastRotatedAt === null ? 'never' : <Ago key="v" at={lastRotatedAt} />],
            ['Last fire drill', lastRehearsedAt === null ? 'never' : <Ago key="v" at={lastRehearsedAt} />],
            ['Policy', <Policy key="v" fleet={fleet} />],
          ]}
        />
        <CheckDrift fleetId={fleet.id} hosts={fleet.hostCount} />
      </Stack>
    </Paper>
  );
}

function Policy({ fleet }: { readonly fleet: Fleet }) {
  const { soakSeconds, contractWhen, approval, revocation, canaryHosts, generationMarker, clientLog } = fleet;
  const words = [
    `soak ${hoursInWords(soakSeconds)}`,
    contractWhen === 'unused' ? 'old CA dropped once unused' : 'old CA dropped once soaked',
    ...(approval === 'contract' ? ['a second person approves'] : []),
    ...(revocation === 'crl' ? ['hosts check CRLs'] : []),
    `${canaryHosts} canary`,
    ...(generationMarker ? [] : ['no marker']),
    ...(clientLog === null ? [] : [`log ${clientLog}`]),
  ];
  return (
    <Text size="sm" component="span">
      {words.join(', ')}
    </Text>
  );
}

function hoursInWords(seconds: number): string {
  return seconds % 3_600 === 0 ? `${seconds / 3_600} h` : `${seconds} s`;
}
