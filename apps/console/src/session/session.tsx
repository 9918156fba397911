import { useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useState } from 'react';
import { type ApiClient, ApiProblem, type components, connect } from '#api-client';
import { forgetKey, storedKey, storeKey } from './stored-key.js';

export type Self = components['schemas']['Self'];

export interface Session {
  readonly client: ApiClient;
  /** Sent as `Authorization: Bearer`, where the typed client cannot go: to a stream of events. */
  readonly key: string;
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
      const client = connect({ url: location.origin, key, fetch: endsSession(signOut) });
      const { data } = await client.GET('/v1/self');
      if (data === undefined) throw new Error('The API did not say who this key belongs to.');
      storeKey(key);
      setState({
        kind: 'signed-in',
        session: { client, key, self: data, signOut: () => signOut(null) },
      });
    },
    [signOut],
  );
  useOpening(state, signIn, setState);
  const desk = useMemo(() => ({ state, signIn }), [state, signIn]);
  return <SessionContext value={desk}>{children}</SessionContext>;
}

/** Takes up the session of this tab after a reload. An API that does not answer is asked again, not forgotten. */
function useOpening(state: State, signIn: Desk['signIn'], setState: (state: State) => void): void {
  useEffect(() => {
    const key = storedKey();
    if (state.kind !== 'opening' || key === null) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const open = () =>
      signIn(key).catch((error: unknown) => {
        if (error instanceof ApiProblem) setState({ kind: 'signed-out', why: error.message });
        else timer = setTimeout(open, 2_000);
      });
    void open();
    return () => clearTimeout(timer);
  }, [state, signIn, setState]);
}

function endsSession(signOut: (why: string) => void): (request: Request) => Promise<Response> {
  return async (request) => {
    const response = await fetch(request);
    if (response.status === 401 && storedKey() !== null) {
      signOut('The API does not take this key any more: it was revoked, or it ended.');
    }
    return response;
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
