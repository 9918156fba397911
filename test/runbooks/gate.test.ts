import { INCIDENTS } from './gate.incidents.js';
import { actOutAll } from './incident.js';

actOutAll('the gate and its secrets', { fleet: { contractWhen: 'unused' } }, INCIDENTS);
