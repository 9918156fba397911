import { PageTitle } from '../elements/page-title.js';
import { useAllFleets } from './all-fleets.js';

export default function FleetsPage() {
  const { data } = useAllFleets();
  return <PageTitle title="Fleets" says={`${data?.length ?? 0} fleets`} />;
}
