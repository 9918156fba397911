import { Stack, Text, Textarea, TextInput } from '@mantine/core';
import type { FaultAt } from '../elements/field-faults.js';
import { PemInput } from '../elements/pem-input.js';
import type { UploadDraft } from './fleet-draft.js';

interface UploadFieldsProps {
  readonly draft: UploadDraft;
  readonly at: FaultAt;
  onChange(change: Partial<UploadDraft>): void;
}

/** A CA that Windlass cannot drive: what clients come with today is brought here. */
export function UploadFields({ draft, at, onChange }: UploadFieldsProps) {
  return (
    <Stack>
      <TextInput
        label="Name of the CA"
        description="As you call it. Fleets that give the same name share it, and rotate together."
        required
        value={draft.name}
        error={at('#/issuingCa/name')}
        onChange={(event) => onChange({ name: event.currentTarget.value })}
      />
      <PemInput
        label="Certificate of the CA"
        description="The root that clients chain up to."
        required
        value={draft.certificatePem}
        error={at('#/issuingCa/certificatePem')}
        onChange={(certificatePem) => onChange({ certificatePem })}
      />
      <Text size="sm">
        One client of this CA, made for Windlass: every host is asked whether it lets it in. It must outlive
        the soak by two hours.
      </Text>
      <PemInput
        label="Certificate of the client for probes"
        description="The leaf alone."
        required
        value={draft.probePem}
        error={at('#/issuingCa/probe/certificatePem')}
        onChange={(probePem) => onChange({ probePem })}
      />
      <PemInput
        label="Intermediates that it sends"
        description="Empty when it sends none."
        value={draft.probeChainPem}
        error={at('#/issuingCa/probe/chainPem')}
        onChange={(probeChainPem) => onChange({ probeChainPem })}
      />
      <Textarea
        label="Private key of the client for probes"
        description="The one key that belongs here. Stored sealed, never shown again."
        required
        minRows={3}
        autosize
        maxRows={6}
        spellCheck={false}
        classNames={{ input: 'mono' }}
        value={draft.probeKey}
        error={at('#/issuingCa/probe/privateKey')}
        onChange={(event) => onChange({ probeKey: event.currentTarget.value })}
      />
      <PemInput
        label="CRL of the CA"
        description="For the revocation “crl” alone."
        value={draft.crlPem}
        error={at('#/issuingCa/crlPem')}
        onChange={(crlPem) => onChange({ crlPem })}
      />
    </Stack>
  );
}
