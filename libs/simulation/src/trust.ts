import { anchorsOf, parseBundle } from '#trust';
import { MARKER, SIMULATED_CAS } from './certificates.js';

/** What workers that loaded a bundle would let in, and what they would show. */
export interface ServedTrust {
  /** Fingerprints of the anchors. */
  readonly anchors: ReadonlySet<string>;
  /** Distinguished names as in CertificateRequest. */
  readonly caNames: readonly string[];
}

const READ = new Map<string, ServedTrust>();

/** Reads a bundle as nginx would; every text once, as there are few and they come often. */
export function trustOf(content: string): ServedTrust {
  const known = READ.get(content);
  if (known) return known;
  const bundle = parseBundle(content);
  const trust = {
    anchors: new Set(anchorsOf(bundle).map(({ fingerprint }) => fingerprint)),
    caNames: bundle.certificates.map(({ subject }) => subject),
  };
  READ.set(content, trust);
  return trust;
}

const FINGERPRINTS = SIMULATED_CAS.map(({ caPem }) => [...trustOf(caPem).anchors][0] ?? '');

/** Fingerprint of the simulated CA of that number, 0 for the first. */
export function fingerprintOf(ca: number): string {
  const fingerprint = FINGERPRINTS[ca];
  if (fingerprint === undefined) throw new RangeError(`there is no simulated CA ${ca}`);
  return fingerprint;
}

const NAME = 'windlass sim generation 0 000000000000';

/** A marker with that common name: the template with its name replaced, which has the same length. */
export function markerPem(commonName: string): string {
  if (commonName.length !== NAME.length) throw new RangeError(`"${commonName}" does not fit the template`);
  const body = MARKER.replace(/-----[A-Z ]+-----/g, '').replace(/\s/g, '');
  const der = Buffer.from(body, 'base64').toString('latin1').replaceAll(NAME, commonName);
  const lines = Buffer.from(der, 'latin1').toString('base64').replace(/.{64}/g, '$&\n').trimEnd();
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
}
