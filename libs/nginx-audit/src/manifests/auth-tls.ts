import type { Place } from '../rule.js';
import type { Ingress } from './ingress.js';
import type { Annotation, KubeObject } from './kube-object.js';

/** Prefix of the annotations of ingress-nginx, unless `--annotations-prefix` says otherwise. */
export const PREFIX = 'nginx.ingress.kubernetes.io/';

export type VerifyClient = 'on' | 'off' | 'optional' | 'optional_no_ca';
const VERIFY: readonly string[] = ['on', 'off', 'optional', 'optional_no_ca'];

/** Names that ingress-nginx knows, behind the prefix (internal/ingress/annotations/authtls). */
export const AUTH_TLS_NAMES: readonly string[] = [
  'auth-tls-secret',
  'auth-tls-verify-client',
  'auth-tls-verify-depth',
  'auth-tls-error-page',
  'auth-tls-pass-certificate-to-upstream',
  'auth-tls-match-cn',
];

/** Where `auth-tls-secret` points to. */
export interface SecretName {
  readonly namespace: string;
  readonly name: string;
}

/** An Ingress as ingress-nginx reads it: annotations with their defaults. */
export interface AuthTls {
  readonly ingress: Ingress;
  readonly object: KubeObject;
  /** Null when there is none, or an empty one: the controller then verifies nobody. */
  readonly secret: Annotation | null;
  /** Null when it is not of the form namespace/name. */
  readonly secretName: SecretName | null;
  readonly verify: VerifyClient;
  readonly depth: number;
  readonly matchCn: Annotation | null;
  /** An annotation by its name behind the prefix; null when it is not there, or no string. */
  get(name: string): Annotation | null;
  /** Where to look for an annotation, or else for the one that switches verification on. */
  place(name: string): Place;
  /** Everything that decides who gets in, as one text: two of a host that differ contradict each other. */
  readonly settings: string;
}

export function authTlsOf(ingress: Ingress): AuthTls {
  const { object } = ingress;
  const get = (name: string) => {
    const found = object.annotations.get(PREFIX + name) ?? null;
    return found?.value === null ? null : found;
  };
  const filled = (name: string) => ((get(name)?.value ?? '').trim() === '' ? null : get(name));
  const secret = filled('auth-tls-secret');
  const verify = verifyIn(get('auth-tls-verify-client')?.value ?? '');
  const depth = depthIn(get('auth-tls-verify-depth')?.value ?? '');
  const matchCn = filled('auth-tls-match-cn');
  const errorPage = get('auth-tls-error-page')?.value?.trim() ?? '';
  return {
    ...{ ingress, object, secret, verify, depth, matchCn, get },
    secretName: secretNameIn(secret?.value?.trim() ?? ''),
    place: (name) => get(name)?.at ?? secret?.at ?? object.at,
    settings: JSON.stringify([secret?.value?.trim(), verify, depth, matchCn?.value?.trim(), errorPage]),
  };
}

/** Anything else is taken for `on`. */
function verifyIn(value: string): VerifyClient {
  const word = value.trim();
  return VERIFY.includes(word) ? (word as VerifyClient) : 'on';
}

/** What is no number, and 0, is taken for 1. */
function depthIn(value: string): number {
  const word = value.trim();
  return /^[+-]?\d+$/.test(word) && Number(word) !== 0 ? Number(word) : 1;
}

function secretNameIn(value: string): SecretName | null {
  const [namespace = '', name = '', ...rest] = value.split('/');
  return name === '' || rest.length > 0 ? null : { namespace, name };
}
