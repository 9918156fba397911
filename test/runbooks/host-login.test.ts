import { INCIDENTS, ownAuthorizedKeys } from './host-login.incidents.js';
import { actOutAll } from './incident.js';

actOutAll('how a host is logged in to', { prepare: ownAuthorizedKeys }, INCIDENTS);
