import { Radio, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { components } from '#api-client';
import { Dialog } from '../elements/dialog.js';
import { faultsOf } from '../elements/field-faults.js';
import { PemInput } from '../elements/pem-input.js';
import { holdsPrivateKey } from '../elements/private-key.js';
import { PrivateKeyField } from '../elements/private-key-field.js';
import { useOnce } from '../session/once.js';
import { useSession } from '../session/session.js';

type NewSample = components['schemas']['NewSample'];

const EMPTY: NewSample & { chainPem: string; privateKey: string } = {
  ...{ name: '', certificatePem: '', chainPem: '', privateKey: '', expect: 'accepted' },
};

export function AddSampleDialog({ fleetId, onClose }: { readonly fleetId: string; onClose(): void }) {
  const [draft, setDraft] = useState(EMPTY);
  const adding = useAdding(fleetId, onClose);
  const at = faultsOf(adding.error);
  const change = (part: Partial<typeof EMPTY>) => setDraft((before) => ({ ...before, ...part }));
  const { privateKey, ...open } = draft;
  const key = privateKey.trim();
  return (
    <Dialog
      title="Add a sample client"
      action="Add the sample"
      doing={adding}
      ready={![draft.certificatePem, draft.chainPem].some(holdsPrivateKey)}
      onSubmit={() => adding.mutate({ ...open, ...(key === '' ? {} : { privateKey }) })}
      onClose={onClose}
    >
      <TextInput
        label="Client name"
        placeholder="billing batch job"
        required
        data-autofocus
        value={draft.name}
        error={at('#/name')}
        onChange={(event) => change({ name: event.currentTarget.value })}
      />
      <PemInput
        label="Certificate"
        description="The leaf of the client."
        required
        value={draft.certificatePem}
        error={at('#/certificatePem')}
        onChange={(certificatePem) => change({ certificatePem })}
      />
      <PemInput
        label="Intermediates that it sends"
        description="Empty when it sends none."
        value={draft.chainPem}
        error={at('#/chainPem')}
        onChange={(chainPem) => change({ chainPem })}
      />
      <Radio.Group
        label="The verdict that it must get"
        value={draft.expect}
        error={at('#/expect')}
        onChange={(value) => change({ expect: value === 'refused' ? 'refused' : 'accepted' })}
      >
        <Radio mt={6} value="accepted" label="accepted" />
        <Radio mt={6} value="refused" label="refused" />
      </Radio.Group>
      <PrivateKeyField
        says="If you give it, the client is tried on the listeners too."
        value={draft.privateKey}
        error={at('#/privateKey')}
        onChange={(privateKey) => change({ privateKey })}
      />
    </Dialog>
  );
}

function useAdding(fleetId: string, onDone: () => void) {
  const { client } = useSession();
  const queries = useQueryClient();
  const once = useOnce();
  return useMutation({
    mutationFn: (body: NewSample) =>
      client.POST('/v1/fleets/{fleetId}/samples', {
        params: { path: { fleetId }, header: once(body) },
        body,
      }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['fleets', fleetId, 'samples'] });
      onDone();
    },
  });
}
