import { Textarea } from '@mantine/core';

interface PrivateKeyFieldProps {
  /** Whose it is and what it is for. */
  readonly says: string;
  readonly required?: boolean;
  readonly value: string;
  readonly error: string | null;
  onChange(value: string): void;
}

/** Takes a private key that the API seals and never shows again. */
export function PrivateKeyField({ says, required = false, value, error, onChange }: PrivateKeyFieldProps) {
  return (
    <Textarea
      label="Private key"
      description={`${says} Stored sealed, never shown again.`}
      required={required}
      autosize
      minRows={3}
      maxRows={6}
      spellCheck={false}
      classNames={{ input: 'mono' }}
      value={value}
      error={error}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
