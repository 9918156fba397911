import { Center, Loader } from '@mantine/core';
import { useEffect } from 'react';
import { useDesk } from './session.js';
import { storedKey } from './stored-key.js';
import { isFinal } from './verdict.js';

const ASK_AGAIN_MS = 2_000;

/**
 * Takes up the session of this tab after a reload. An API that does not answer, or not now, is asked again, not
 * forgotten. A page that needs no key asks nothing: this is not drawn there.
 */
export function Opening() {
  const { signIn, signOut } = useDesk();
  useEffect(() => {
    const key = storedKey();
    if (key === null) return signOut(null);
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isLeft = false;
    const open = () =>
      signIn(key).catch((error: unknown) => {
        if (isLeft) return;
        if (isFinal(error)) signOut(error.message);
        else timer = setTimeout(open, ASK_AGAIN_MS);
      });
    void open();
    return () => {
      isLeft = true;
      clearTimeout(timer);
    };
  }, [signIn, signOut]);
  return (
    <Center mih="100dvh">
      <Loader role="progressbar" aria-label="Waiting for the API" />
    </Center>
  );
}
