import { Button, FileButton, Group, Stack, Textarea } from '@mantine/core';
import { holdsPrivateKey } from './private-key.js';

interface PemInputProps {
  readonly label: string;
  readonly description: string;
  readonly value: string;
  readonly error?: string | null;
  readonly required?: boolean;
  onChange(value: string): void;
}

/** Certificates as text, pasted or out of a file. Says so when a private key is among them. */
export function PemInput({ label, description, value, error, required = false, onChange }: PemInputProps) {
  return (
    <Stack gap={4}>
      <Textarea
        {...{ label, description, value, required }}
        error={holdsPrivateKey(value) ? HOLDS_KEY : (error ?? null)}
        autosize
        minRows={4}
        maxRows={10}
        spellCheck={false}
        placeholder="-----BEGIN CERTIFICATE-----"
        classNames={{ input: 'mono' }}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
      <Group>
        <FileButton onChange={(file) => void file?.text().then(onChange)} accept=".pem,.crt,.cer,.txt">
          {(props) => (
            <Button
              {...props}
              variant="default"
              size="compact-sm"
              aria-label={`${label}: take it from a file`}
            >
              From a file
            </Button>
          )}
        </FileButton>
      </Group>
    </Stack>
  );
}

const HOLDS_KEY =
  'There is a private key in it. It was not sent. Take it out, and think about who else has seen it.';
