import { Alert, Button, Code, CopyButton, Group, Stack, Text } from '@mantine/core';

/** A secret that is kept nowhere, with a button that copies it. */
export function SecretOnce({ what, secret }: { readonly what: string; readonly secret: string }) {
  return (
    <Alert color="yellow" title={`This is the only time that you see the ${what}`} role="status">
      <Stack gap="xs">
        <Text size="sm">Only its hash is kept, or it is sealed. Copy it now to where it is needed.</Text>
        <Code block aria-label={what} style={{ overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' }}>
          {secret}
        </Code>
        <CopyButton value={secret}>
          {({ copied, copy }) => (
            <Group gap="xs">
              <Button size="compact-sm" variant="default" onClick={copy}>
                Copy
              </Button>
              <Text size="sm" aria-live="polite">
                {copied ? 'Copied.' : ''}
              </Text>
            </Group>
          )}
        </CopyButton>
      </Stack>
    </Alert>
  );
}
