import {
  Alert,
  Button,
  Center,
  Paper,
  PasswordInput,
  Stack,
  Text,
  Anchor as TextLink,
  Title,
} from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { Link } from 'wouter';
import { ProblemAlert } from '../elements/problem-alert.js';
import { Anchor } from '../shell/anchor.js';
import { useDesk } from './session.js';

/** The door: an API key or a token of the OpenID provider. */
export function SignInPage({ why }: { readonly why: string | null }) {
  const { signIn } = useDesk();
  const [key, setKey] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    await signIn(key.trim()).catch(setError);
    setBusy(false);
  };
  return (
    <Center mih="100dvh" p="md" component="main">
      <Paper withBorder radius="lg" p="xl" w="100%" maw={440} shadow="sm">
        <form onSubmit={submit}>
          <Stack gap="md">
            <Stack gap={4} align="center">
              <Anchor size={44} />
              <Title order={1} size="h2">
                Windlass
              </Title>
              <Text c="dimmed" size="sm" ta="center">
                A fleet's trust, all-new or all-old.
              </Text>
            </Stack>
            {why !== null && error === null && <Alert color="yellow">{why}</Alert>}
            {error !== null && <ProblemAlert error={error} />}
            <PasswordInput
              label="API key"
              description="Or a token of your OpenID provider. It stays in this tab, and goes with it."
              autoComplete="off"
              value={key}
              onChange={(event) => setKey(event.currentTarget.value)}
              required
              autoFocus
            />
            <Button type="submit" loading={busy} disabled={key.trim() === ''} fullWidth>
              Sign in
            </Button>
            <Text size="xs" c="dimmed">
              The API printed the first key when it started for the first time. With it, others are made under
              “API keys”, or with <code>windlass apikey create</code>.
            </Text>
            <Text size="sm">
              Without a key:{' '}
              <TextLink component={Link} href="/sandbox" underline="always">
                try a configuration in the sandbox
              </TextLink>
              .
            </Text>
          </Stack>
        </form>
      </Paper>
    </Center>
  );
}
