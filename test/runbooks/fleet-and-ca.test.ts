import { INCIDENTS } from './fleet-and-ca.incidents.js';
import { actOutAll } from './incident.js';

actOutAll('what is met most', { hosts: 3 }, INCIDENTS);
