import { INCIDENTS, ownStateFolder } from './host-files.incidents.js';
import { actOutAll } from './incident.js';

actOutAll('the files of a host', { spareAnchors: 4, prepare: ownStateFolder }, INCIDENTS);
