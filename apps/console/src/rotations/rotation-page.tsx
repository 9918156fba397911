import { Alert, Center, Loader } from '@mantine/core';
import { useDeferredValue, useMemo, useState } from 'react';
import { useParams } from 'wouter';
import { describeRotation, type RotationDescription, type RotationState } from '#rotation';
import { PageTitle } from '../elements/page-title.js';
import type { FeedView } from '../feed/rotation-feed.js';
import { useRotationFeed } from '../feed/use-rotation-feed.js';
import { RotationView } from './rotation-view.js';

export default function RotationPage() {
  const { id = '' } = useParams<{ id: string }>();
  return <Followed key={id} rotationId={id} />;
}

/** One rotation, as its journal tells it: now, or as it was when somebody looks back. */
function Followed({ rotationId }: { readonly rotationId: string }) {
  const { feed, ...view } = useRotationFeed(rotationId);
  const [backTo, setBackTo] = useState<number | null>(null);
  const asOf = useDeferredValue(backTo);
  const state = useMemo(
    () => (asOf === null ? view.state : feed.at(asOf)),
    // What was does not change: only the state of now follows the feed.
    [asOf, feed, view.state],
  );
  const description = useDescription(state);
  if (!state || !description) return <NothingYet connection={view.connection} />;
  // On the way back to now, what is drawn is still of then: nothing may be asked of that.
  const isNow = backTo === null && asOf === null;
  return <RotationView {...{ state, description, view, backTo, isNow, lookBackTo: setBackTo }} />;
}

function useDescription(state: RotationState | null): RotationDescription | null {
  return useMemo(() => state && describeRotation(state), [state]);
}

function NothingYet({ connection }: Pick<FeedView, 'connection'>) {
  if (connection.kind === 'refused' || connection.kind === 'unreadable') {
    return (
      <>
        <PageTitle title="Rotation" />
        <Alert color="red" role="alert" title="This rotation cannot be shown">
          {connection.why}
        </Alert>
      </>
    );
  }
  return (
    <Center py="xl">
      <Loader aria-label="Reading the journal" />
    </Center>
  );
}
