import { INCIDENTS } from './activation.incidents.js';
import { actOutAll } from './incident.js';

actOutAll('what stands behind a switch', { spareAnchors: 1 }, INCIDENTS);
