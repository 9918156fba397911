import { Center, Loader } from '@mantine/core';
import { useDesk } from '../session/session.js';
import { SignInPage } from '../session/sign-in-page.js';
import { Shell } from './shell.js';

/** The door, or what is behind it. */
export function Console() {
  const { state } = useDesk();
  if (state.kind === 'signed-out') return <SignInPage why={state.why} />;
  if (state.kind === 'signed-in') return <Shell />;
  return (
    <Center mih="100dvh">
      <Loader aria-label="Waiting for the API" />
    </Center>
  );
}
