import { NumberInput, Radio, SimpleGrid, Stack, Switch, TextInput } from '@mantine/core';
import type { FaultAt } from '../elements/field-faults.js';
import type { FleetDraft } from './fleet-draft.js';

interface PolicyFieldsProps {
  readonly draft: FleetDraft;
  readonly at: FaultAt;
  onChange(change: Partial<FleetDraft>): void;
}

/** How rotations of the fleet go about it. */
export function PolicyFields(props: PolicyFieldsProps) {
  const { draft, at, onChange } = props;
  const number = (field: 'soakHours' | 'caTtlDays' | 'canaryHosts', pointer: string) => ({
    value: draft[field],
    error: at(pointer),
    onChange: (value: string | number) => onChange({ [field]: Number(value) }),
  });
  return (
    <Stack>
      <SimpleGrid cols={{ base: 1, sm: 3 }}>
        <NumberInput
          {...number('soakHours', '#/soakSeconds')}
          label="Soak, hours"
          description="So long both CAs are trusted at least."
          min={0}
        />
        <NumberInput
          {...number('caTtlDays', '#/caTtlSeconds')}
          label="New CA lives, days"
          description="Lifetime of a CA that a rotation makes."
          min={0}
        />
        <NumberInput
          {...number('canaryHosts', '#/canaryHosts')}
          label="Canary hosts"
          description="Hosts of the first wave."
          {...{ min: 1, max: 1_000, allowDecimal: false }}
        />
      </SimpleGrid>
      <Choices {...props} />
      <TextInput
        label="Client log"
        description="Access log on every host that names the clients. With it the gate also opens by what the hosts saw."
        placeholder="/var/log/nginx/clients.log"
        value={draft.clientLog}
        error={at('#/clientLog')}
        onChange={(event) => onChange({ clientLog: event.currentTarget.value })}
      />
      <Switch
        label="Generation marker"
        description="A certificate in each generation that lets nobody in. It shows from outside what is served, and ends old TLS sessions."
        checked={draft.generationMarker}
        onChange={(event) => onChange({ generationMarker: event.currentTarget.checked })}
      />
    </Stack>
  );
}

function Choices({ draft, at, onChange }: PolicyFieldsProps) {
  return (
    <SimpleGrid cols={{ base: 1, sm: 3 }}>
      <Radio.Group
        label="The old CA is dropped"
        value={draft.contractWhen}
        error={at('#/contractWhen')}
        onChange={(value) => onChange({ contractWhen: value === 'soaked' ? 'soaked' : 'unused' })}
      >
        <Radio mt={6} value="unused" label="once nobody uses it" />
        <Radio mt={6} value="soaked" label="once the soak is over, whoever uses it" />
      </Radio.Group>
      <Radio.Group
        label="A second person approves"
        value={draft.approval}
        error={at('#/approval')}
        onChange={(value) => onChange({ approval: value === 'contract' ? 'contract' : 'none' })}
      >
        <Radio mt={6} value="none" label="nothing" />
        <Radio mt={6} value="contract" label="before the old CA is dropped" />
      </Radio.Group>
      <Radio.Group
        label="Revocation"
        value={draft.revocation}
        error={at('#/revocation')}
        onChange={(value) => onChange({ revocation: value === 'crl' ? 'crl' : 'none' })}
      >
        <Radio mt={6} value="none" label="is not checked by the hosts" />
        <Radio mt={6} value="crl" label="crl: the hosts refuse who was revoked" />
      </Radio.Group>
    </SimpleGrid>
  );
}
