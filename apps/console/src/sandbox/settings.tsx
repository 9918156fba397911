import { Group, NativeSelect, TextInput } from '@mantine/core';
import type { TextKind } from './examination.js';
import { EXAMPLES } from './examples.js';

export interface Known {
  readonly kind: TextKind | null;
  /** As it was typed. */
  readonly version: string;
  readonly clientDepth: string;
}

interface SettingsProps {
  readonly known: Known;
  readonly onChange: (known: Known) => void;
  readonly onExample: (text: string) => void;
}

/** Null: nothing that makes sense was typed. The worker reads it; its rules need not be here for that. */
export function versionIn(text: string): string | null {
  return /\d+\.\d+\.\d+/.exec(text)?.[0] ?? null;
}

/** Null: nothing that makes sense was typed. */
export function depthIn(text: string): number | null {
  return /^\s*\d{1,3}\s*$/.test(text) ? Number(text) : null;
}

/** What is known beside the text, and texts to try. */
export function Settings({ known, onChange, onExample }: SettingsProps) {
  const { kind, version, clientDepth } = known;
  return (
    <Group align="flex-start" gap="sm" mb="sm">
      <NativeSelect
        label="Try an example"
        value=""
        autoComplete="off"
        onChange={({ currentTarget }) => {
          const example = EXAMPLES.find(({ name }) => name === currentTarget.value);
          if (example) onExample(example.text);
        }}
        data={[{ value: '', label: 'Choose a mistake …' }, ...EXAMPLES.map(({ name }) => name)]}
        maw={340}
      />
      <NativeSelect
        label="Read it as"
        value={kind ?? ''}
        autoComplete="off"
        onChange={({ currentTarget }) => onChange({ ...known, kind: kindIn(currentTarget.value) })}
        data={[
          { value: '', label: 'what it looks like' },
          { value: 'nginx', label: 'nginx' },
          { value: 'kubernetes', label: 'Kubernetes manifests' },
        ]}
      />
      <TextInput
        label="nginx -v"
        autoComplete="off"
        placeholder="1.26.3"
        value={version}
        error={version.trim() !== '' && versionIn(version) === null && 'Such as 1.26.3'}
        onChange={({ currentTarget }) => onChange({ ...known, version: currentTarget.value })}
        w={130}
      />
      <TextInput
        label="CAs below the root"
        autoComplete="off"
        placeholder="unknown"
        inputMode="numeric"
        value={clientDepth}
        error={clientDepth.trim() !== '' && depthIn(clientDepth) === null && 'A number from 0'}
        onChange={({ currentTarget }) => onChange({ ...known, clientDepth: currentTarget.value })}
        w={150}
      />
    </Group>
  );
}

function kindIn(value: string): TextKind | null {
  return value === 'nginx' || value === 'kubernetes' ? value : null;
}
