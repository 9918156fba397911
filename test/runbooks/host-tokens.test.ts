import { INCIDENTS } from './host-tokens.incidents.js';
import { actOutAll } from './incident.js';

actOutAll('who drives a host', { spareAnchors: 5 }, INCIDENTS);
