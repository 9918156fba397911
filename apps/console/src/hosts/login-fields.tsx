import { Stack } from '@mantine/core';
import { Choice } from '../elements/choice.js';
import type { FaultAt } from '../elements/field-faults.js';
import { PrivateKeyField } from '../elements/private-key-field.js';

export interface LoginDraft {
  readonly login: 'key' | 'agent';
  readonly privateKey: string;
}

interface LoginFieldsProps {
  readonly draft: LoginDraft;
  readonly at: FaultAt;
  onChange(change: Partial<LoginDraft>): void;
}

/** How Windlass logs in to a host. */
export function LoginFields({ draft, at, onChange }: LoginFieldsProps) {
  return (
    <Stack gap="xs">
      <Choice
        label="SSH login"
        of={[
          { value: 'key', label: 'with a private key' },
          { value: 'agent', label: 'with the agent of the workers' },
        ]}
        value={draft.login}
        onChange={(login) => onChange({ login })}
      />
      {draft.login === 'key' && (
        <PrivateKeyField
          says="Of the user, in the form of OpenSSH."
          required
          value={draft.privateKey}
          error={at('#/privateKey')}
          onChange={(privateKey) => onChange({ privateKey })}
        />
      )}
    </Stack>
  );
}
