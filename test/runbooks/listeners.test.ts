import { actOutAll } from './incident.js';
import { INCIDENTS } from './listeners.incidents.js';

actOutAll('what listeners answer', {}, INCIDENTS);
