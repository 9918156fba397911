import { EmptyState } from '../elements/empty-state.js';

export function NoSchedules() {
  return (
    <EmptyState title="Nothing happens by itself yet">
      A schedule rotates a fleet before its CA ends, in your maintenance windows; or it brings new CRLs, or
      looks for drift and repairs it. After a failure it stops, and asks.
    </EmptyState>
  );
}
