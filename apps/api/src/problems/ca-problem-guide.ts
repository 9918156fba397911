import type { ProblemAdvice } from './problem-advice.js';

/** Issuing CAs, their logins, and CAs that people bring. */
export const CA_GUIDE = {
  'ca.shared': {
    meaning: 'An issuing CA switches for every fleet that trusts it, so all of them rotate together.',
    next: 'Name the fleets of the detail in `together`.',
  },
  'ca.not-shared': {
    meaning: 'A fleet in `together` has another issuing CA.',
    next: 'Leave it out, and rotate it by itself.',
  },
  'ca.not-uploaded': {
    meaning: 'Windlass creates the CAs of this fleet itself.',
    next: 'Start a rotation: POST /v1/rotations.',
  },
  'ca.without-login': {
    meaning: 'The CA of the fleet is uploaded: there is nothing to log in to.',
    next: 'Bring its next CA with POST /v1/fleets/{fleetId}/uploaded-cas.',
  },
  'ca.other-login': {
    meaning: 'A Vault takes a token or an AppRole, AWS an access key or the role of the machine.',
    next: 'Give the kind of login that the detail names.',
  },
  'ca.name-taken': {
    meaning: 'Another uploaded CA has the name.',
    next: 'Take another name, or use the fleet that has it.',
  },
  'ca.no-certificate': {
    meaning: 'There must be exactly one certificate, in PEM.',
    next: 'Send the certificate of the CA alone.',
  },
  'ca.not-a-ca': {
    meaning: 'The certificate says of itself that it is none of a CA (basic constraints, key usage).',
    next: 'Send the certificate of the CA that issues your clients, not that of a client.',
  },
  'ca.expired': { meaning: 'nginx accepts no client of an expired CA.', next: 'Send one that is valid.' },
  'ca.unusable': {
    meaning: 'The verdict of OpenSSL: clients of the CA would get 400 from every host.',
    next: 'Do what the detail names, usually one certificate of the chain that is missing.',
  },
  'ca.unusable-key': {
    meaning: 'The private key is no key, is encrypted, or does not belong to the certificate.',
    next: 'Send the unencrypted key of that certificate in PEM.',
  },
  'ca.already-trusted': {
    meaning: 'A rotation to a CA that the fleet trusts already would change nothing.',
    next: 'Send the next CA.',
  },
  'ca.not-self-signed': {
    meaning: 'nginx needs the root of a chain in its bundle.',
    next: 'Send the root, or the CA with its chain up to the root.',
  },
  'ca.not-of-vault': {
    meaning: 'Who signs new CAs, and pinned roles, are settings of a Vault.',
    next: 'Leave them out for a fleet whose CA is elsewhere.',
  },
  'ca.own-parent': {
    meaning: 'A PKI mount cannot sign the CAs that it makes itself.',
    next: 'Name the mount of the parent in `signedBy`, or none.',
  },
  'ca.not-in-bundle': {
    meaning: 'The fleet does not trust the CA that its clients are said to come from.',
    next: 'Give the bundle that the hosts really serve.',
  },
  'ca.probe-refused': {
    meaning: 'The client that should prove the CA is none of it, by the verdict of OpenSSL.',
    next: 'Issue one from exactly this CA, and send it with its chain.',
  },
  'ca.wrapping-used': {
    meaning: 'A wrapped secret id opens once. Somebody else opened it, or it was sent before.',
    next: 'Find out who did (audit log of Vault), destroy the secret id, and wrap a new one.',
  },
  'ca.wrapping-foreign': {
    meaning: 'The wrapping token was not made by the secret-id route of the AppRole.',
    next: 'Take it for stolen or mistaken: destroy what it holds, and wrap a new secret id.',
  },
  'ca.wrapping-counted': {
    meaning: 'A secret id that is used up after some logins would stop a rotation half way.',
    next: 'Make one with `secret_id_num_uses=0`.',
  },
  'ca.login-refused': {
    meaning: 'The CA did not take the login: it was revoked, has expired, or belongs elsewhere.',
    next: 'Make a new one and store it: PUT /v1/fleets/{fleetId}/issuing-ca/login.',
  },
  'ca.denied': {
    meaning: 'The login is good, but its policy does not allow this.',
    next: 'Compare its policy with what `windlass ca policy` prints.',
  },
  'ca.wrong-mount': {
    meaning: 'No PKI engine is mounted at the CA under the name that was given.',
    next: 'List the mounts (`vault secrets list`) and check namespace and mount.',
  },
  'ca.failed': { meaning: 'The CA refused for a reason of its own.', next: 'Read its words in the detail.' },
  'ca.unreachable': {
    meaning: 'No connection, no trusted certificate, or no answer in time.',
    next: 'Check address, network and the certificate of the CA. What runs tries again by itself.',
  },
  'ca.sealed': {
    meaning: 'A sealed Vault answers nothing.',
    next: 'Unseal it. What runs tries again by itself.',
  },
  'ca.rate-limited': {
    meaning: 'The CA asks to wait.',
    next: 'Wait. What runs tries again by itself.',
  },
} satisfies Readonly<Record<string, ProblemAdvice>>;
