import 'reflect-metadata';
import { KeyObject, webcrypto } from 'node:crypto';
import { Name, Pkcs10CertificateRequestGenerator } from '@peculiar/x509';
import { Secret } from '#engine';

const CURVE = { name: 'ECDSA', namedCurve: 'P-256' };

/** A fresh key and what asks for a certificate of it; AWS takes the subject from there and the rest from a template. */
export async function newLeafRequest(
  commonName: string,
): Promise<{ readonly csrPem: string; readonly privateKey: Secret }> {
  const keys = await webcrypto.subtle.generateKey(CURVE, true, ['sign', 'verify']);
  const request = await Pkcs10CertificateRequestGenerator.create({
    // As a typed value: in plain text the library would take commas and quotation marks for syntax.
    name: new Name([{ CN: [{ utf8String: commonName }] }]),
    keys,
    signingAlgorithm: { name: 'ECDSA', hash: 'SHA-256' },
  });
  const pkcs8 = KeyObject.from(keys.privateKey).export({ type: 'pkcs8', format: 'pem' }).toString();
  return { csrPem: request.toString('pem'), privateKey: new Secret(pkcs8) };
}
