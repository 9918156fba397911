import type { parseArgs } from 'node:util';
import { oneOf, secondsIn, wholeIn } from '../server/words-in.js';
import type { ADD_OPTIONS } from './options.js';

export type FleetValues = ReturnType<typeof parseArgs<{ options: typeof ADD_OPTIONS }>>['values'];

/** What files hold: a text, or a secret without the line end behind it. */
export interface Files {
  text(file: string, option: string): string;
  secret(file: string, option: string): string;
}

type Body = Readonly<Record<string, unknown>>;

/**
 * Body of POST /v1/fleets: what options say goes before `base`, which may have fields of its own. Throws RangeError for
 * an option that makes no sense or lacks; the API has the last word on the rest.
 */
export function fleetBody(name: string | undefined, values: FleetValues, base: Body, files: Files): Body {
  const { bundle } = values;
  const body = {
    ...base,
    ...(name === undefined ? {} : { name }),
    ...(bundle === undefined ? {} : { bundlePem: files.text(bundle, 'bundle') }),
    ...settings(values),
    ...(givesVault(values) ? { issuingCa: { ...vaultOf(values, files) } } : {}),
  };
  if (!('name' in body)) throw new RangeError('NAME is missing, on the command line and in the file of -f');
  if (!('bundlePem' in body))
    throw new RangeError('--bundle is missing: the bundle that the hosts serve today');
  if (!('issuingCa' in body))
    throw new RangeError('the CA is missing: --vault-address and --vault-role, or -f FILE');
  return body;
}

function settings(values: FleetValues): Body {
  const { soak, approval, revocation } = values;
  const [when, log, canaries] = [values['contract-when'], values['client-log'], values['canary-hosts']];
  const ttl = values['ca-ttl'];
  return {
    ...(soak === undefined ? {} : { soakSeconds: secondsIn(soak, 'soak') }),
    ...(when === undefined ? {} : { contractWhen: oneOf(when, ['unused', 'soaked'], 'contract-when') }),
    ...(approval === undefined ? {} : { approval: oneOf(approval, ['none', 'contract'], 'approval') }),
    ...(revocation === undefined ? {} : { revocation: oneOf(revocation, ['none', 'crl'], 'revocation') }),
    ...(log === undefined ? {} : { clientLog: log }),
    ...(canaries === undefined ? {} : { canaryHosts: wholeIn(canaries, 'canary-hosts') }),
    ...(ttl === undefined ? {} : { caTtlSeconds: secondsIn(ttl, 'ca-ttl') }),
    ...(values['no-marker'] ? { generationMarker: false } : {}),
  };
}

function givesVault(values: FleetValues): boolean {
  const ofVault = (name: string) =>
    name.startsWith('vault-') || name === 'signed-by' || name === 'pinned-roles';
  return Object.keys(values).some(ofVault);
}

function vaultOf(values: FleetValues, files: Files): Body {
  const [address, role] = [values['vault-address'], values['vault-role']];
  if (address === undefined) throw new RangeError('--vault-address is missing');
  if (role === undefined)
    throw new RangeError('--vault-role is missing: the role by which probe certificates are issued');
  const [namespace, ca, pinned] = [
    values['vault-namespace'],
    values['vault-ca-file'],
    values['pinned-roles'],
  ];
  const parent = values['signed-by'];
  return {
    ...{ kind: 'vault', address, mount: values['vault-mount'] ?? 'pki', role, ...loginOf(values, files) },
    ...(namespace === undefined ? {} : { namespace }),
    ...(ca === undefined ? {} : { serverCaPem: files.text(ca, 'vault-ca-file') }),
    ...(pinned === undefined ? {} : { pinnedRoles: oneOf(pinned, ['refuse', 'move'], 'pinned-roles') }),
    ...(parent === undefined ? {} : { signedBy: parentIn(parent) }),
  };
}

function loginOf(values: FleetValues, files: Files): Body {
  const [token, roleId, secretId] = [
    ...[values['vault-token-file'], values['vault-role-id'], values['vault-secret-id-file']],
  ];
  if ((token === undefined) === (roleId === undefined)) {
    throw new RangeError(
      'one login to Vault is needed: --vault-token-file, or --vault-role-id with --vault-secret-id-file',
    );
  }
  if (token !== undefined) return { token: files.secret(token, 'vault-token-file') };
  if (secretId === undefined)
    throw new RangeError('--vault-secret-id-file is missing: it belongs to --vault-role-id');
  return { appRole: { roleId, secretId: files.secret(secretId, 'vault-secret-id-file') } };
}

function parentIn(words: string): Body {
  const [mount = '', ...issuer] = words.split(':');
  return { mount, ...(issuer.length === 0 ? {} : { issuer: issuer.join(':') }) };
}
