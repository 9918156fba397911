import { PasswordInput, SimpleGrid, TextInput } from '@mantine/core';
import type { FaultAt } from '../elements/field-faults.js';
import type { AwsDraft } from './fleet-draft.js';

interface AwsFieldsProps {
  readonly draft: AwsDraft;
  readonly at: FaultAt;
  onChange(change: Partial<AwsDraft>): void;
}

/** A group of CAs in AWS Private CA. */
export function AwsFields({ draft, at, onChange }: AwsFieldsProps) {
  const text = (field: keyof AwsDraft, pointer: string = field) => ({
    value: draft[field],
    error: at(`#/issuingCa/${pointer}`),
    onChange: (event: { currentTarget: { value: string } }) =>
      onChange({ [field]: event.currentTarget.value }),
  });
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }}>
      <TextInput {...text('region')} label="Region" placeholder="eu-central-1" required />
      <TextInput {...text('account')} label="Account" description="12 digits; it owns the CAs." required />
      <TextInput
        {...text('group')}
        label="Group"
        description="CAs with the tag windlass-group of this value take turns."
        required
      />
      <TextInput
        {...text('keyId', 'accessKey/id')}
        label="Access key id"
        description="Empty: the role of the machine that Windlass runs on, which is better."
      />
      {draft.keyId !== '' && (
        <PasswordInput
          {...text('secret', 'accessKey/secret')}
          label="Secret access key"
          autoComplete="off"
          required
        />
      )}
    </SimpleGrid>
  );
}
