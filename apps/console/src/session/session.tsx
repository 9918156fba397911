import { useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, useCallback, useContext, useMemo, useState } from 'react';
import { type ApiClient, type components, connect } from '#api-client';
import { forgetKey, storedKey, storeKey } from './stored-key.js';

export type Self = components['schemas']['Self'];

type Send = (request: Request) => Promise<Response>;

export interface Session {
  readonly client: ApiClient;
  /** Sends with the key what the typed client cannot: for a stream of events, or a document. */
  readonly send: Send;
  readonly self: Self;
  signOut(): void;
}

type State =
  | { readonly kind: 'signed-out'; readonly why: string | null }
  | { readonly kind: 'opening' }
  | { readonly kind: 'signed-in'; readonly session: Session };

interface Desk {
  readonly state: State;
  /** Rejects with what the API said of the key. */
  signIn(key: string): Promise<void>;
  /** `why`: what is said at the door; null where they wanted it. */
  signOut(why: string | null): void;
}

const SessionContext = createContext<Desk | null>(null);

/** Holds who is signed in, and signs them out when the API knows their key no more. */
export function SessionProvider({ children }: { readonly children: ReactNode }) {
  const queries = useQueryClient();
  const [state, setState] = useState<State>(() =>
    storedKey() === null ? { kind: 'signed-out', why: null } : { kind: 'opening' },
  );
  const signOut = useCallback(
    (why: string | null) => {
      forgetKey();
      queries.clear();
      setState({ kind: 'signed-out', why });
    },
    [queries],
  );
  const signIn = useCallback(
    async (key: string) => {
      const listened = endsSession(key, signOut);
      const client = connect({ url: location.origin, key, fetch: listened });
      const { data } = await client.GET('/v1/self');
      if (data === undefined) throw new Error('The API did not say who this key belongs to.');
      storeKey(key);
      setState({
        kind: 'signed-in',
        session: { client, send: withKey(key, listened), self: data, signOut: () => signOut(null) },
      });
    },
    [signOut],
  );
  const desk = useMemo(() => ({ state, signIn, signOut }), [state, signIn, signOut]);
  return <SessionContext value={desk}>{children}</SessionContext>;
}

/** A key that was taken back ends the session that shows it, and no later one. */
function endsSession(key: string, signOut: (why: string) => void): Send {
  return async (request) => {
    const response = await fetch(request);
    if (response.status === 401 && storedKey() === key) {
      signOut('The API does not take this key any more: it was revoked, or it ended.');
    }
    return response;
  };
}

function withKey(key: string, send: Send): Send {
  return (request) => {
    const headers = new Headers(request.headers);
    headers.set('Authorization', `Bearer ${key}`);
    // Another host must never see the key.
    return send(new Request(request, { headers, redirect: 'error' }));
  };
}

export function useDesk(): Desk {
  const desk = useContext(SessionContext);
  if (!desk) throw new Error('useDesk is used outside of SessionProvider');
  return desk;
}

/** Of whoever is signed in. Only for what is drawn inside of the shell, where somebody is. */
export function useSession(): Session {
  const { state } = useDesk();
  if (state.kind !== 'signed-in') throw new Error('nobody is signed in');
  return state.session;
}
