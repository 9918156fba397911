import { type ComponentType, type LazyExoticComponent, lazy } from 'react';

export interface Place {
  /** A pattern of wouter, below /console. */
  readonly path: string;
  readonly page: LazyExoticComponent<ComponentType>;
  /** Named in the navigation; null: reached from another place. */
  readonly label: string | null;
  /** Needs no key, and nothing of the API: it is drawn without the shell, for visitors too. */
  readonly isOpen?: boolean;
}

/** Every page. Each is loaded when somebody goes there. */
export const PLACES: readonly Place[] = [
  { path: '/', label: 'Fleets', page: lazy(() => import('../fleets/fleets-page.js')) },
  { path: '/rotations', label: 'Rotations', page: lazy(() => import('../rotations/rotations-page.js')) },
  { path: '/rotations/:id', label: null, page: lazy(() => import('../rotations/rotation-page.js')) },
  {
    path: '/sandbox',
    label: 'Sandbox',
    page: lazy(() => import('../sandbox/sandbox-page.js')),
    isOpen: true,
  },
];
