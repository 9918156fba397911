import { Group, Text, VisuallyHidden } from '@mantine/core';
import type { RotationDescription, RotationState } from '#rotation';
import { Actor } from '../../elements/actor.js';
import { Since } from '../../elements/ago.js';
import { PageTitle } from '../../elements/page-title.js';
import type { FeedView } from '../../feed/rotation-feed.js';
import { StatusBadge } from '../status-badge.js';
import { VerbButtons } from '../verbs/verb-buttons.js';
import { ConnectionBadge } from './connection-badge.js';
import { Downloads } from './downloads.js';

interface HeadingProps {
  readonly state: RotationState;
  readonly description: RotationDescription;
  readonly view: FeedView;
  readonly isNow: boolean;
}

/** Which fleets, how, where it is since when, who wanted it and why; and what can be done. */
export function Heading({ state, description, view, isNow }: HeadingProps) {
  const { fleetName, otherFleets, strategy, requestedBy, reason, status, phase, phaseSince } = description;
  const fleets = [fleetName, ...otherFleets.map((one) => one.fleetName)];
  return (
    <div>
      <PageTitle
        title={`${fleets.join(', ')}: ${strategy}`}
        says={
          <>
            <Actor of={requestedBy} /> asked for it{reason === '' ? ', and gave no reason' : `: ${reason}`}
          </>
        }
      >
        {isNow && <VerbButtons {...{ state, description }} />}
        <Downloads rotationId={description.id} entries={view.entries} />
      </PageTitle>
      <Group gap="sm">
        <StatusBadge status={status} />
        <Text size="sm">
          {phase}
          {description.endedAt === null && isNow && (
            <>
              {' '}
              for <Since at={phaseSince} />
            </>
          )}
        </Text>
        <ConnectionBadge connection={view.connection} />
        <VisuallyHidden role="status">
          {isNow ? `The rotation is ${status}, in phase ${phase}.` : 'You look back.'}
        </VisuallyHidden>
      </Group>
    </div>
  );
}
