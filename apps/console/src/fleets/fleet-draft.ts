import type { components } from '#api-client';

type NewFleet = components['schemas']['NewFleet'];

/** What stands in the fields of a fleet that is being added; texts, as people type them. */
export interface FleetDraft {
  readonly name: string;
  readonly bundlePem: string;
  readonly ca: CaDraft;
  readonly soakHours: number;
  readonly contractWhen: 'unused' | 'soaked';
  readonly approval: 'none' | 'contract';
  readonly revocation: 'none' | 'crl';
  readonly clientLog: string;
  readonly generationMarker: boolean;
  readonly canaryHosts: number;
  readonly caTtlDays: number;
}

export interface CaDraft {
  readonly kind: 'vault' | 'aws-pca' | 'upload';
  readonly vault: VaultDraft;
  readonly aws: AwsDraft;
  readonly upload: UploadDraft;
}

export interface VaultDraft {
  readonly address: string;
  readonly namespace: string;
  readonly mount: string;
  readonly role: string;
  readonly login: 'token' | 'appRole';
  readonly token: string;
  readonly appRoleMount: string;
  readonly roleId: string;
  readonly wrapped: boolean;
  readonly secretId: string;
  readonly serverCaPem: string;
  readonly parentMount: string;
  readonly pinnedRoles: 'refuse' | 'move';
}

export interface AwsDraft {
  readonly region: string;
  readonly account: string;
  readonly group: string;
  readonly keyId: string;
  readonly secret: string;
}

export interface UploadDraft {
  readonly name: string;
  readonly certificatePem: string;
  readonly probePem: string;
  readonly probeChainPem: string;
  readonly probeKey: string;
  readonly crlPem: string;
}

/** The defaults are those of the API. */
export const EMPTY_FLEET: FleetDraft = {
  ...{ name: '', bundlePem: '', soakHours: 24, contractWhen: 'unused', approval: 'none' },
  ...{ revocation: 'none', clientLog: '', generationMarker: true, canaryHosts: 1, caTtlDays: 365 },
  ca: {
    kind: 'vault',
    vault: {
      ...{ address: '', namespace: '', mount: 'pki', role: '', login: 'token', token: '' },
      ...{ appRoleMount: 'approle', roleId: '', wrapped: true, secretId: '', serverCaPem: '' },
      ...{ parentMount: '', pinnedRoles: 'refuse' },
    },
    aws: { region: '', account: '', group: '', keyId: '', secret: '' },
    upload: { name: '', certificatePem: '', probePem: '', probeChainPem: '', probeKey: '', crlPem: '' },
  },
};

const HOUR_S = 3_600;
const DAY_S = 86_400;

/** The body of `POST /v1/fleets`. */
export function newFleetOf({ ca, soakHours, caTtlDays, clientLog, ...draft }: FleetDraft): NewFleet {
  return {
    ...draft,
    name: draft.name.trim(),
    soakSeconds: Math.round(soakHours * HOUR_S),
    caTtlSeconds: Math.round(caTtlDays * DAY_S),
    clientLog: clientLog.trim() === '' ? null : clientLog.trim(),
    issuingCa: issuingCaOf(ca),
  };
}

function issuingCaOf({ kind, vault, aws, upload }: CaDraft): NewFleet['issuingCa'] {
  if (kind === 'vault') return vaultOf(vault);
  if (kind === 'upload') return uploadOf(upload);
  const { keyId, secret, ...place } = aws;
  return { kind, ...place, accessKey: keyId === '' ? null : { id: keyId.trim(), secret: secret.trim() } };
}

function vaultOf(draft: VaultDraft): NewFleet['issuingCa'] {
  const { address, namespace, mount, role, pinnedRoles, parentMount, serverCaPem } = draft;
  return {
    ...{ kind: 'vault', address: address.trim(), namespace, mount, role, pinnedRoles },
    ...(parentMount === '' ? {} : { signedBy: { mount: parentMount } }),
    ...(serverCaPem.trim() === '' ? {} : { serverCaPem }),
    ...(draft.login === 'token' ? { token: draft.token.trim() } : { appRole: appRoleOf(draft) }),
  };
}

function appRoleOf({ appRoleMount: mount, roleId, wrapped, secretId }: VaultDraft) {
  const secret = secretId.trim();
  return { mount, roleId: roleId.trim(), ...(wrapped ? { wrappedSecretId: secret } : { secretId: secret }) };
}

function uploadOf({ name, certificatePem, probePem, probeChainPem, probeKey, crlPem }: UploadDraft) {
  return {
    ...{ kind: 'upload' as const, name: name.trim(), certificatePem },
    ...(crlPem.trim() === '' ? {} : { crlPem }),
    probe: { certificatePem: probePem, chainPem: probeChainPem, privateKey: probeKey },
  };
}
