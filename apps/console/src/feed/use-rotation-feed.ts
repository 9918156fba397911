import { useEffect, useMemo, useSyncExternalStore } from 'react';
import { useSession } from '../session/session.js';
import { type FeedView, RotationFeed } from './rotation-feed.js';

export interface FollowedRotation extends FeedView {
  readonly feed: RotationFeed;
}

/** Follows a rotation as long as somebody looks. */
export function useRotationFeed(rotationId: string): FollowedRotation {
  const { send } = useSession();
  const feed = useMemo(
    () => new RotationFeed(`/v1/rotations/${encodeURIComponent(rotationId)}/events`, send),
    [rotationId, send],
  );
  useEffect(() => {
    feed.start();
    return () => feed.stop();
  }, [feed]);
  const view = useSyncExternalStore(feed.subscribe, feed.snapshot);
  return { ...view, feed };
}
