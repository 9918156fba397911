import { readCrl, revoke, rotateCrls } from './crl-handlers.js';
import {
  anotherSigningRequest,
  describeKey,
  newSigningRequest,
  setSigned,
  signIntermediate,
} from './intermediate-handlers.js';
import {
  createRoot,
  describe,
  listIssuers,
  patchIssuer,
  readDefaultIssuer,
  replaceIssuer,
  requireMergePatch,
  writeDefaultIssuer,
} from './issuer-handlers.js';
import { issue } from './leaf-handlers.js';
import type { SandboxMount } from './sandbox-mount.js';
import { asErrorList, NO_CONTENT, SandboxRefusal, type SandboxReply, withData } from './sandbox-reply.js';
import type { SandboxRequest } from './sandbox-request.js';
import { describeRole, parseRole } from './sandbox-role.js';

interface Route {
  /** Method and path below the mount; `:` stands for one segment. */
  readonly match: string;
  /** `names` are the segments that stood for `:`. */
  readonly handle: (
    mount: SandboxMount,
    request: SandboxRequest,
    ...names: readonly string[]
  ) => SandboxReply | Promise<SandboxReply>;
}

/** Vault takes PUT wherever it takes POST. */
const ROUTES: readonly Route[] = [
  { match: 'GET config/issuers', handle: (mount) => readDefaultIssuer(mount) },
  { match: 'POST config/issuers', handle: (mount, { fields }) => writeDefaultIssuer(mount, fields) },
  { match: 'LIST issuers', handle: (mount) => listIssuers(mount) },
  { match: 'POST root/generate/internal', handle: (mount, { fields }) => createRoot(mount, fields, '') },
  { match: 'POST root/rotate/internal', handle: (mount, { fields }) => createRoot(mount, fields, 'next') },
  {
    match: 'GET issuer/:',
    handle: (mount, _request, reference = '') => describe(mount, mount.issuer(reference)),
  },
  {
    match: 'GET issuer/:/json',
    handle: (mount, _request, reference = '') => describe(mount, mount.issuer(reference)),
  },
  {
    match: 'POST issuers/generate/intermediate/internal',
    handle: (mount, { fields }) => newSigningRequest(mount, fields),
  },
  {
    match: 'POST issuers/generate/intermediate/existing',
    handle: (mount, { fields }) => anotherSigningRequest(mount, fields),
  },
  {
    match: 'POST issuer/:/sign-intermediate',
    handle: (mount, { fields }, reference = '') => signIntermediate(mount, reference, fields),
  },
  { match: 'POST intermediate/set-signed', handle: (mount, { fields }) => setSigned(mount, fields) },
  {
    match: 'GET key/:',
    handle: (mount, _request, reference = '') => describeKey(mount, reference),
  },
  {
    match: 'PATCH issuer/:',
    handle: (mount, request, reference = '') => patchIssuer(mount.issuer(reference), mount, request),
  },
  {
    match: 'POST issuer/:',
    handle: (mount, request, reference = '') => replaceIssuer(mount.issuer(reference), mount, request),
  },
  {
    match: 'DELETE issuer/:',
    handle: (mount, _request, reference = '') => {
      const warnings = mount.deleteIssuer(reference);
      return withData(null, warnings);
    },
  },
  {
    match: 'DELETE key/:',
    handle: (mount, _request, reference = '') => {
      mount.deleteKey(reference);
      return NO_CONTENT;
    },
  },
  {
    match: 'LIST certs',
    handle: (mount) => {
      if (mount.certificates.size === 0) throw new SandboxRefusal(404, []);
      return withData({ keys: [...mount.certificates.keys()].sort() });
    },
  },
  {
    match: 'GET cert/:',
    handle: (mount, _request, serial = '') => {
      const certificate = mount.certificates.get(serial);
      if (certificate === undefined) throw new SandboxRefusal(404, []);
      return withData({ certificate, revocation_time: mount.revocations.get(serial) ?? 0 });
    },
  },
  { match: 'GET issuer/:/crl', handle: (mount, _request, reference = '') => readCrl(mount, reference) },
  { match: 'GET crl/rotate', handle: (mount) => rotateCrls(mount) },
  { match: 'POST revoke', handle: (mount, { fields }) => revoke(mount, fields) },
  {
    match: 'LIST roles',
    handle: (mount) => {
      if (mount.roles.size === 0) throw new SandboxRefusal(404, []);
      return withData({ keys: [...mount.roles.keys()].sort() });
    },
  },
  {
    match: 'GET roles/:',
    handle: (mount, _request, name = '') => {
      const role = mount.roles.get(name);
      if (role === undefined) throw new SandboxRefusal(404, []);
      return withData(describeRole(role));
    },
  },
  {
    match: 'POST roles/:',
    handle: (mount, { fields }, name = '') => {
      const role = parseRole(fields);
      mount.roles.set(name, role);
      return withData(describeRole(role));
    },
  },
  {
    match: 'PATCH roles/:',
    handle: (mount, request, name = '') => {
      requireMergePatch(request);
      const role = mount.roles.get(name);
      if (role === undefined) throw new SandboxRefusal(404, []);
      const changed = parseRole({ ...describeRole(role), ...request.fields });
      mount.roles.set(name, changed);
      return withData(describeRole(changed));
    },
  },
  {
    match: 'DELETE roles/:',
    handle: (mount, _request, name = '') => {
      mount.roles.delete(name);
      return NO_CONTENT;
    },
  },
  { match: 'POST issue/:', handle: (mount, { fields }, role = '') => issue(mount, null, role, fields) },
  {
    match: 'POST issuer/:/issue/:',
    handle: (mount, { fields }, reference = '', role = '') => issue(mount, reference, role, fields),
  },
];

/** Answers a request below a PKI mount; `path` is what follows the mount. */
export function answerPki(mount: SandboxMount, path: string, request: SandboxRequest) {
  const asked = `${request.method === 'PUT' ? 'POST' : request.method} ${path}`.split('/');
  for (const route of ROUTES) {
    const names = matchSegments(route.match.split('/'), asked);
    if (names !== null) return route.handle(mount, request, ...names);
  }
  throw new SandboxRefusal(404, [asErrorList('unsupported path')]);
}

function matchSegments(pattern: readonly string[], asked: readonly string[]): readonly string[] | null {
  if (pattern.length !== asked.length) return null;
  const names: string[] = [];
  for (const [index, segment] of asked.entries()) {
    if (pattern[index] === ':' && segment !== '') names.push(segment);
    else if (pattern[index] !== segment) return null;
  }
  return names;
}
