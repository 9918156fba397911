import { INCIDENTS } from './ca.incidents.js';
import { actOutAll } from './incident.js';

actOutAll('the CA', { fronted: true }, INCIDENTS);
