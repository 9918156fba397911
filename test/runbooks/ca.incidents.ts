import { AwsCaSource } from '#ca-source';
import { Secret } from '#engine';
import { defaultOf, issuersOf, logInByAppRole, logInByPolicy } from './ca-rights.js';
import { type Incident, operatorOf } from './incident.js';

/** What is typed where the page has one block for each of two causes. */
const firstBlock: Incident['follow'] = (operator, blocks) => operator.follow(blocks[0]);
const secondBlock: Incident['follow'] = (operator, blocks) => operator.follow(blocks[1]);

const nameOf = (rotationId: string) => `windlass-${rotationId}`;

/** At the moment at which the new issuer of an aborted rotation has to be withdrawn. */
export const INCIDENTS: readonly Incident[] = [
  {
    ...{ code: 'ca.unreachable', when: 'the network to Vault is cut', moment: 'withdraw' },
    strike: ({ front }) => front?.cut(),
    mend: ({ on }) => on.front?.mend(),
  },
  {
    ...{ code: 'ca.unreachable', when: 'Vault shows a certificate that nobody knows', moment: 'withdraw' },
    strike: ({ front }) => front?.showAnother(),
    mend: ({ on }) => on.front?.showItsOwn(),
  },
  {
    ...{ code: 'ca.denied', when: 'somebody took rights from the policy', moment: 'withdraw' },
    strike: async ({ served, fleetId }) => {
      await logInByPolicy(served, fleetId);
      await served.askVault('PUT', 'sys/policies/acl/windlass', { policy: 'path "pki/roles" {}' });
    },
    follow: firstBlock,
  },
  {
    ...{ code: 'ca.denied', when: 'the token was revoked', moment: 'withdraw' },
    strike: async ({ served, fleetId }) => {
      const token = await logInByPolicy(served, fleetId);
      await served.askVault('POST', 'auth/token/revoke', { token });
    },
    follow: secondBlock,
  },
  {
    ...{ code: 'ca.login-refused', when: 'the secret id was destroyed', moment: 'withdraw' },
    strike: async ({ served, fleetId }) => {
      const secret_id = await logInByAppRole(served, fleetId);
      await served.askVault('POST', 'auth/approle/role/windlass/secret-id/destroy', { secret_id });
    },
  },
  {
    ...{ code: 'ca.rate-limited', when: 'a quota leaves one request for five minutes', moment: 'withdraw' },
    strike: ({ served }) =>
      served.askVault('POST', 'sys/quotas/rate-limit/tight', { path: 'pki', rate: 1, interval: '5m' }),
    words: () => ({ QUOTA: 'tight' }),
  },
  {
    ...{ code: 'ca.failed', when: 'somebody made another issuer with the new key', moment: 'withdraw' },
    strike: ({ served }, id) =>
      served.askVault('POST', 'pki/issuers/generate/root/existing', {
        ...{ key_ref: nameOf(id), issuer_name: 'copy', common_name: 'a copy' },
      }),
    words: () => ({ ISSUER: 'copy' }),
  },
  {
    ...{
      code: 'ca.changed-by-others',
      when: 'somebody makes the new issuer the default',
      moment: 'withdraw',
    },
    strike: async (on, id) => {
      oldIssuer = await defaultOf(on.served);
      await on.served.askVault('POST', 'pki/config/issuers', { default: nameOf(id) });
    },
    words: () => ({ OLD_ISSUER: oldIssuer }),
    follow: firstBlock,
  },
  {
    ...{ code: 'ca.no-default-issuer', when: 'somebody deletes the default issuer', moment: 'withdraw' },
    strike: async ({ served, host }) => {
      const issuer = `pki/issuer/${await defaultOf(served)}`;
      host.writeFile('old-ca.pem', String((await served.askVault('GET', issuer)).data.certificate));
      await served.askVault('DELETE', issuer);
    },
    follow: async (_operator, [put, make], scene) => {
      const { served, host } = scene.on;
      await operatorOf(scene, { CA_FILE: host.outside('old-ca.pem') }).follow(put);
      const [ISSUER = ''] = [...(await issuersOf(served))].flatMap(([id, name]) => (name === '' ? [id] : []));
      await operatorOf(scene, { ISSUER }).follow(make);
    },
  },
  {
    ...{ code: 'ca.wrong-mount', when: 'somebody moves the PKI to another path', moment: 'withdraw' },
    strike: ({ served }) => served.askVault('POST', 'sys/remount', { from: 'pki', to: 'pki-of-before' }),
    words: () => ({ FOUND: 'pki-of-before' }),
  },
  {
    ...{ code: 'ca.untrusted-server', when: 'another AWS answers', moment: 'withdraw' },
    strike: ({ served, front }) => {
      const { ca } = served.api.installation.parts;
      const withdraw = ca.withdrawIssuer;
      const place = { kind: 'aws-pca', id: 'aws', region: 'eu-central-1', account: '123456789012' } as const;
      const accessKey = { id: 'AKIAIOSFODNN7EXAMPLE', secret: new Secret('no key of anybody') };
      const aws = { ...place, group: 'edge', endpoint: front?.address ?? null, accessKey };
      ca.withdrawIssuer = (_, name) => new AwsCaSource().withdrawIssuer(aws, name);
      putBack = () => {
        ca.withdrawIssuer = withdraw;
      };
    },
    mend: () => putBack(),
  },
];

/** Of the mount, before somebody changed it. */
let oldIssuer = '';
let putBack = (): void => undefined;
