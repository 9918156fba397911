import { Button, Group, Stack, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { faultsOf } from '../elements/field-faults.js';
import { NotForYou } from '../elements/not-for-you.js';
import { PageTitle } from '../elements/page-title.js';
import { holdsPrivateKey } from '../elements/private-key.js';
import { ProblemAlert } from '../elements/problem-alert.js';
import { useMay } from '../session/may.js';
import { useOnce } from '../session/once.js';
import { useSession } from '../session/session.js';
import { BundleField } from './bundle-field.js';
import { CaFields } from './ca-fields.js';
import { EMPTY_FLEET, type FleetDraft, newFleetOf } from './fleet-draft.js';
import { FormPart } from './form-part.js';
import { PolicyFields } from './policy-fields.js';

export default function NewFleetPage() {
  const { addFleets } = useMay();
  if (addFleets) return <NewFleet />;
  return <NotForYou title="Add a fleet" who="operators and admins of the whole installation" />;
}

function NewFleet() {
  const [draft, setDraft] = useState<FleetDraft>(EMPTY_FLEET);
  const adding = useAdding();
  const at = faultsOf(adding.error);
  const change = (part: Partial<FleetDraft>) => setDraft((before) => ({ ...before, ...part }));
  const keyed = keyInDraft(draft);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!keyed) adding.mutate(draft);
  };
  return (
    <form onSubmit={submit} noValidate>
      <PageTitle title="Add a fleet" says="The nginx hosts that trust one bundle of client CAs." />
      <Stack gap="lg" maw={860}>
        <FormPart title="What it trusts today">
          <TextInput
            label="Name"
            description="Small letters, digits, dots and dashes."
            placeholder="edge"
            required
            value={draft.name}
            error={at('#/name')}
            onChange={(event) => change({ name: event.currentTarget.value })}
          />
          <BundleField
            value={draft.bundlePem}
            error={at('#/bundlePem')}
            onChange={(bundlePem) => change({ bundlePem })}
          />
        </FormPart>
        <FormPart title="Who issues its clients">
          <CaFields ca={draft.ca} at={at} onChange={(ca) => change({ ca })} />
        </FormPart>
        <FormPart title="How it rotates">
          <PolicyFields draft={draft} at={at} onChange={change} />
        </FormPart>
        {adding.error !== null && <ProblemAlert error={adding.error} />}
        <Group>
          <Button type="submit" loading={adding.isPending} disabled={keyed}>
            Add the fleet
          </Button>
          <Button component={Link} href="/" variant="default">
            Cancel
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function useAdding() {
  const { client } = useSession();
  const queries = useQueryClient();
  const once = useOnce();
  const [, navigate] = useLocation();
  return useMutation({
    mutationFn: async (draft: FleetDraft) => {
      const body = newFleetOf(draft);
      const { data } = await client.POST('/v1/fleets', { body, params: { header: once(body) } });
      return data;
    },
    onSuccess: async (fleet) => {
      await queries.invalidateQueries({ queryKey: ['fleets'] });
      if (fleet) navigate(`/fleets/${fleet.id}`, { state: { warnings: fleet.warnings } });
    },
  });
}

/** A key where only certificates belong must not leave this page. */
function keyInDraft({ bundlePem, ca: { kind, vault, upload } }: FleetDraft): boolean {
  const certificates = [
    bundlePem,
    ...(kind === 'vault' ? [vault.serverCaPem] : []),
    ...(kind === 'upload'
      ? [upload.certificatePem, upload.probePem, upload.probeChainPem, upload.crlPem]
      : []),
  ];
  return certificates.some(holdsPrivateKey);
}
