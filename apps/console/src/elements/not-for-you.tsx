import { useSession } from '../session/session.js';
import { EmptyState } from './empty-state.js';
import { PageTitle } from './page-title.js';

/** Somebody came by address to a page that their key does not open. */
export function NotForYou({ title, who }: { readonly title: string; readonly who: string }) {
  const { self } = useSession();
  return (
    <>
      <PageTitle title={title} />
      <EmptyState title="Your key does not open this">
        It is for {who}. You are signed in as {self.role}
        {self.fleets === null ? '' : ', confined to some fleets'}.
      </EmptyState>
    </>
  );
}
