import { type ComponentType, type LazyExoticComponent, lazy } from 'react';
import type { May } from '../session/may.js';

export interface Place {
  /** A pattern of wouter, below /console. */
  readonly path: string;
  readonly page: LazyExoticComponent<ComponentType>;
  /** Named in the navigation; null: reached from another place. */
  readonly label: string | null;
  /** Needs no key, and nothing of the API: it is drawn without the shell, for visitors too. */
  readonly isOpen?: boolean;
  /** What somebody must be let do for it to be named; left out: everybody. */
  readonly needs?: keyof May;
}

/** Every page. Each is loaded when somebody goes there. */
export const PLACES: readonly Place[] = [
  { path: '/', label: 'Fleets', page: lazy(() => import('../fleets/fleets-page.js')) },
  { path: '/fleets/new', label: null, page: lazy(() => import('../fleets/new-fleet-page.js')) },
  { path: '/fleets/:id', label: null, page: lazy(() => import('../fleets/fleet-page.js')) },
  { path: '/rotations', label: 'Rotations', page: lazy(() => import('../rotations/rotations-page.js')) },
  { path: '/rotations/:id', label: null, page: lazy(() => import('../rotations/rotation-page.js')) },
  { path: '/schedules', label: 'Schedules', page: lazy(() => import('../schedules/schedules-page.js')) },
  { path: '/expiry', label: 'Expiry', page: lazy(() => import('../expiry/expiry-page.js')) },
  { path: '/audit', label: 'Audit', needs: 'readAudit', page: lazy(() => import('../audit/audit-page.js')) },
  { path: '/keys', label: 'API keys', needs: 'keepKeys', page: lazy(() => import('../keys/keys-page.js')) },
  {
    ...{ path: '/webhooks', label: 'Webhooks', needs: 'readWebhooks' },
    page: lazy(() => import('../webhooks/webhooks-page.js')),
  },
  {
    path: '/sandbox',
    label: 'Sandbox',
    page: lazy(() => import('../sandbox/sandbox-page.js')),
    isOpen: true,
  },
];
