import { SegmentedControl, Stack, Text } from '@mantine/core';
import type { FaultAt } from '../elements/field-faults.js';
import { AwsFields } from './aws-fields.js';
import type { CaDraft } from './fleet-draft.js';
import { UploadFields } from './upload-fields.js';
import { VaultFields } from './vault-fields.js';

const KINDS: readonly { readonly value: CaDraft['kind']; readonly label: string }[] = [
  { value: 'vault', label: 'Vault' },
  { value: 'aws-pca', label: 'AWS Private CA' },
  { value: 'upload', label: 'Any other' },
];

const SAYS: Readonly<Record<CaDraft['kind'], string>> = {
  vault:
    'Windlass makes the next CA there and switches to it. “windlass ca policy” prints the rights it needs.',
  'aws-pca':
    'Windlass makes the next CA of the group, and disables the old one. Not tried on a real AWS yet.',
  upload: 'You bring the next CA yourself, and switch to it when Windlass says that every host trusts both.',
};

interface CaFieldsProps {
  readonly ca: CaDraft;
  readonly at: FaultAt;
  onChange(ca: CaDraft): void;
}

export function CaFields({ ca, at, onChange }: CaFieldsProps) {
  return (
    <Stack>
      <SegmentedControl
        aria-label="Kind of CA"
        data={[...KINDS]}
        value={ca.kind}
        onChange={(value) => {
          const kind = KINDS.find((one) => one.value === value)?.value;
          if (kind) onChange({ ...ca, kind });
        }}
      />
      <Text size="sm">{SAYS[ca.kind]}</Text>
      {ca.kind === 'vault' && (
        <VaultFields
          draft={ca.vault}
          at={at}
          onChange={(change) => onChange({ ...ca, vault: { ...ca.vault, ...change } })}
        />
      )}
      {ca.kind === 'aws-pca' && (
        <AwsFields
          draft={ca.aws}
          at={at}
          onChange={(change) => onChange({ ...ca, aws: { ...ca.aws, ...change } })}
        />
      )}
      {ca.kind === 'upload' && (
        <UploadFields
          draft={ca.upload}
          at={at}
          onChange={(change) => onChange({ ...ca, upload: { ...ca.upload, ...change } })}
        />
      )}
    </Stack>
  );
}
