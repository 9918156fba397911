import { setTimeout as sleep } from 'node:timers/promises';
import { Secret } from '#engine';
import { makeCa, revocationList, type TestHost } from '#kit';
import { RegisteredHosts, TlsProbe } from '#probe';
import { EditedSite } from './edited-site.js';
import type { Incident } from './incident.js';

/** An edit of the site of the host that is struck, behind what it needs; undone before the commands are typed. */
function edited(
  words: string,
  others: string,
  furnish: (host: TestHost) => unknown = () => undefined,
): Pick<Incident, 'strike' | 'mend'> {
  let site: EditedSite | null = null;
  return {
    strike: async ({ host }) => {
      await furnish(host);
      site = new EditedSite(host);
      site.edit(words, others);
    },
    mend: () => site?.mend(),
  };
}

const MANAGED = '/etc/nginx/trust/client-ca.pem';
const YESTERDAY = '/etc/nginx/trust/of-yesterday.pem';

/** The bundle of before the switch, which the host keeps until it is confirmed. */
function copyOfBefore(host: TestHost): void {
  const kept = 'ls -t /var/lib/windlass/*/generations/* | while read -r file; do sha256sum "$file"; done';
  host.exec(
    `${kept} | grep -v "$(sha256sum < ${MANAGED} | cut -c1-64)" | head -1 | cut -c67- | xargs -I% cp % ${YESTERDAY}`,
  );
}

export const INCIDENTS: readonly Incident[] = [
  {
    ...{ code: 'probe.no-answer', when: 'somebody moves the listener to another port', moment: 'confirm' },
    ...edited(':8443 ssl', ':8444 ssl'),
  },
  {
    ...{ code: 'probe.no-answer', when: 'somebody asks for no certificate', moment: 'confirm' },
    ...edited('ssl_verify_client on', 'ssl_verify_client off'),
  },
  {
    ...{ code: 'probe.other-generation', when: 'somebody names another bundle', moment: 'confirm' },
    ...edited(MANAGED, YESTERDAY, copyOfBefore),
  },
  {
    ...{ code: 'probe.wrong-verdict', when: 'somebody adds the CRL of another CA', moment: 'revert' },
    ...edited(
      'ssl_verify_client on',
      'ssl_crl /etc/nginx/tls/partners.crl;\n  ssl_verify_client on',
      async (host) => {
        const list = await revocationList(await makeCa({ commonName: 'Partners CA' }));
        host.writeFile('etc/nginx/tls/partners.crl', list);
      },
    ),
  },
  {
    ...{ code: 'probe.unknown', when: 'somebody lets in one client only', moment: 'revert' },
    ...edited('default_type', 'if ($ssl_client_s_dn !~ "OU=partners") { return 403; }\n    default_type'),
  },
  {
    ...{ code: 'probe.strangers-let-in', when: 'somebody lets in whoever brings any', moment: 'revert' },
    ...edited('ssl_verify_client on', 'ssl_verify_client optional_no_ca'),
  },
  {
    ...{
      code: 'probe.not-allowed',
      when: 'a worker is started without what may be probed',
      moment: 'confirm',
    },
    strike: ({ served }) => {
      const { probe } = served.api.installation.parts;
      const ask = probe.servedCaNames;
      const nowhere = new TlsProbe({ reach: new RegisteredHosts({ hosts: async () => [], ranges: [] }) });
      probe.servedCaNames = (target) => nowhere.servedCaNames(target);
      restart = () => {
        probe.servedCaNames = ask;
      };
    },
    instead: () => ({ 'systemctl restart windlass-worker': () => restart() }),
  },
  {
    ...{ code: 'probe.identity-expired', when: 'the activation outlives its leaf', moment: 'activate' },
    pauses: true,
    strike: ({ served }) => {
      const { rotations } = served.api.installation.parts;
      const save = rotations.saveLeaf.bind(rotations);
      rotations.saveLeaf = async (id, role, leaf) => {
        rotations.saveLeaf = save;
        const body = { common_name: 'short-lived', ttl: '1s' };
        const { data } = await served.askVault('POST', `pki/issuer/windlass-${id}/issue/clients`, body);
        await sleep(1_500);
        return save(id, role, {
          ...leaf,
          certificatePem: String(data.certificate),
          privateKey: new Secret(String(data.private_key)),
        });
      };
    },
  },
];

/** What undoes what cannot be typed here. */
let restart = (): void => undefined;
