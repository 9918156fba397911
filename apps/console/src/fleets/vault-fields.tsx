import { PasswordInput, SimpleGrid, Stack, Switch, TextInput } from '@mantine/core';
import { Choice } from '../elements/choice.js';
import type { FaultAt } from '../elements/field-faults.js';
import { PemInput } from '../elements/pem-input.js';
import type { VaultDraft } from './fleet-draft.js';

interface VaultFieldsProps {
  readonly draft: VaultDraft;
  readonly at: FaultAt;
  onChange(change: Partial<VaultDraft>): void;
}

/** A PKI mount of one Vault. */
export function VaultFields({ draft, at, onChange }: VaultFieldsProps) {
  const text = (field: 'address' | 'namespace' | 'mount' | 'role') => ({
    value: draft[field],
    error: at(`#/issuingCa/${field}`),
    onChange: (event: { currentTarget: { value: string } }) =>
      onChange({ [field]: event.currentTarget.value }),
  });
  return (
    <Stack>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <TextInput {...text('address')} label="Address" placeholder="https://vault.example:8200" required />
        <TextInput {...text('namespace')} label="Namespace" description="Vault Enterprise; else empty." />
        <TextInput {...text('mount')} label="Mount" description="Of the PKI engine." required />
        <TextInput
          {...text('role')}
          label="Role"
          description="Probe certificates come through it."
          required
        />
        <TextInput
          label="Signed by"
          description="PKI mount that signs new CAs; empty: each is a root."
          value={draft.parentMount}
          error={at('#/issuingCa/signedBy')}
          onChange={(event) => onChange({ parentMount: event.currentTarget.value })}
        />
        <Choice
          label="Roles that pin the old issuer"
          of={[
            { value: 'refuse', label: 'refuse to rotate' },
            { value: 'move', label: 'move them too' },
          ]}
          value={draft.pinnedRoles}
          onChange={(pinnedRoles) => onChange({ pinnedRoles })}
        />
      </SimpleGrid>
      <VaultLogin {...{ draft, at, onChange }} />
      <PemInput
        label="CA of Vault's own certificate"
        description="Empty for the ones that the system trusts."
        value={draft.serverCaPem}
        error={at('#/issuingCa/serverCaPem')}
        onChange={(serverCaPem) => onChange({ serverCaPem })}
      />
    </Stack>
  );
}

function VaultLogin({ draft, at, onChange }: VaultFieldsProps) {
  return (
    <Stack gap="xs">
      <Choice
        label="How Windlass logs in"
        of={[
          { value: 'token', label: 'Token' },
          { value: 'appRole', label: 'AppRole' },
        ]}
        value={draft.login}
        onChange={(login) => onChange({ login })}
      />
      {draft.login === 'token' ? (
        <PasswordInput
          label="Token"
          description="It ends some day: Windlass does not renew it. Stored sealed, never shown again."
          autoComplete="off"
          required
          value={draft.token}
          error={at('#/issuingCa/token')}
          onChange={(event) => onChange({ token: event.currentTarget.value })}
        />
      ) : (
        <AppRoleFields {...{ draft, at, onChange }} />
      )}
    </Stack>
  );
}

function AppRoleFields({ draft, at, onChange }: VaultFieldsProps) {
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }}>
      <TextInput
        label="Auth mount"
        value={draft.appRoleMount}
        error={at('#/issuingCa/appRole/mount')}
        onChange={(event) => onChange({ appRoleMount: event.currentTarget.value })}
      />
      <TextInput
        label="Role id"
        required
        value={draft.roleId}
        error={at('#/issuingCa/appRole/roleId')}
        onChange={(event) => onChange({ roleId: event.currentTarget.value })}
      />
      <PasswordInput
        label={draft.wrapped ? 'Wrapping token of the secret id' : 'Secret id'}
        description={draft.wrapped ? 'Opened once, at this request.' : undefined}
        autoComplete="off"
        required
        value={draft.secretId}
        error={at(`#/issuingCa/appRole/${draft.wrapped ? 'wrappedSecretId' : 'secretId'}`)}
        onChange={(event) => onChange({ secretId: event.currentTarget.value })}
      />
      <Switch
        label="The secret id comes wrapped"
        mt="lg"
        checked={draft.wrapped}
        onChange={(event) => onChange({ wrapped: event.currentTarget.checked })}
      />
    </SimpleGrid>
  );
}
