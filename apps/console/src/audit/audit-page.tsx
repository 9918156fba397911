import { Button, Stack, Text } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Digest } from '../elements/digest.js';
import { download } from '../elements/download.js';
import { EmptyState } from '../elements/empty-state.js';
import { More } from '../elements/more.js';
import { NotForYou } from '../elements/not-for-you.js';
import { PageTitle } from '../elements/page-title.js';
import { ProblemAlert } from '../elements/problem-alert.js';
import { useMay } from '../session/may.js';
import { usePages } from '../session/pages.js';
import { useSession } from '../session/session.js';
import { AuditFilters } from './audit-filters.js';
import { type AuditFilter, NO_FILTER, queryOf } from './audit-query.js';
import { AuditTable } from './audit-table.js';

export default function AuditPage() {
  const { readAudit } = useMay();
  if (readAudit) return <Audit />;
  return <NotForYou title="Audit" who="approvers and admins of the whole installation" />;
}

/** Who did what, newest first, and where the chain ends. */
function Audit() {
  const { client } = useSession();
  const [filter, setFilter] = useState<AuditFilter>(NO_FILTER);
  const query = queryOf(filter);
  const pages = usePages(['audit', query], (page) =>
    client.GET('/v1/audit', { params: { query: { ...query, ...page } } }),
  );
  const exporting = useExport(filter);
  return (
    <>
      <PageTitle title="Audit" says={<Head />}>
        <Button variant="default" loading={exporting.isPending} onClick={() => exporting.mutate()}>
          Export as JSONL
        </Button>
      </PageTitle>
      <Stack>
        <AuditFilters filter={filter} onChange={setFilter} />
        {exporting.error !== null && <ProblemAlert error={exporting.error} />}
        {pages.error && <ProblemAlert error={pages.error} />}
        {pages.isSuccess && pages.items.length === 0 && (
          <EmptyState title="There is no such entry">
            Every change that somebody asks for is here before it takes effect, and again with how it ended.
          </EmptyState>
        )}
        {pages.items.length > 0 && <AuditTable entries={pages.items} />}
        <More of={pages} />
      </Stack>
    </>
  );
}

/** Where the chain ends: what somebody who keeps it elsewhere compares. */
function Head() {
  const { client } = useSession();
  const { data } = useQuery({
    queryKey: ['audit', 'head'],
    queryFn: async () => (await client.GET('/v1/audit/head')).data ?? null,
  });
  if (!data) return <Text size="sm">Newest first.</Text>;
  return (
    <>
      {data.count} entries, newest first. The chain ends at <Digest of={data.hash} />;{' '}
      <code>windlass audit verify</code> checks an export.
    </>
  );
}

/** The API sends it line by line; the browser keeps it until it is whole, and hands it over as a file. */
function useExport(filter: AuditFilter) {
  const { client } = useSession();
  return useMutation({
    mutationFn: async () => {
      const { data } = await client.GET('/v1/audit/export', {
        ...{ params: { query: queryOf(filter) }, parseAs: 'blob' as const },
        headers: { Accept: 'application/jsonl' },
      });
      if (data) download(`windlass-audit-${new Date().toISOString().slice(0, 10)}.jsonl`, data);
    },
  });
}
