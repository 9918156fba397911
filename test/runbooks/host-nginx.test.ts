import { INCIDENTS, NGINX, ownNginx, SECOND_PATH } from './host-nginx.incidents.js';
import { actOutAll } from './incident.js';

const host = { nginxBinary: NGINX, managedPaths: ['/etc/nginx/trust/client-ca.pem', SECOND_PATH] };

actOutAll('nginx on a host', { spareAnchors: 11, prepare: ownNginx, host: () => host }, INCIDENTS);
