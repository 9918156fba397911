import { actOutAll } from './incident.js';
import { INCIDENTS } from './worker.incidents.js';

actOutAll('Windlass itself', { spareAnchors: 4 }, INCIDENTS);
