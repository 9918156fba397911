import { Center, Loader } from '@mantine/core';
import { useLocation } from 'wouter';
import { useDesk } from '../session/session.js';
import { SignInPage } from '../session/sign-in-page.js';
import { OpenFrame } from './open-frame.js';
import { PLACES } from './places.js';
import { Shell } from './shell.js';

/** The door, or what is behind it; beside it the pages that anybody may see. */
export function Console() {
  const { state } = useDesk();
  const [location] = useLocation();
  const open = PLACES.find(({ path, isOpen }) => isOpen === true && path === location);
  if (open !== undefined) {
    return (
      <OpenFrame>
        <open.page />
      </OpenFrame>
    );
  }
  if (state.kind === 'signed-out') return <SignInPage why={state.why} />;
  if (state.kind === 'signed-in') return <Shell />;
  return (
    <Center mih="100dvh">
      <Loader role="progressbar" aria-label="Waiting for the API" />
    </Center>
  );
}
