import { matchRoute, useLocation, useRouter } from 'wouter';
import { Opening } from '../session/opening.js';
import { useDesk } from '../session/session.js';
import { SignInPage } from '../session/sign-in-page.js';
import { OpenFrame } from './open-frame.js';
import { PLACES } from './places.js';
import { Shell } from './shell.js';

/** The door, or what is behind it; beside it the pages that anybody may see. */
export function Console() {
  const { state } = useDesk();
  const [location] = useLocation();
  // As the shell reads addresses: in capitals, or with a slash at the end, it is the same page.
  const { parser } = useRouter();
  const open = PLACES.find(({ path, isOpen }) => isOpen === true && matchRoute(parser, path, location)[0]);
  if (open !== undefined) {
    return (
      <OpenFrame>
        <open.page />
      </OpenFrame>
    );
  }
  if (state.kind === 'signed-out') return <SignInPage why={state.why} />;
  if (state.kind === 'signed-in') return <Shell />;
  return <Opening />;
}
