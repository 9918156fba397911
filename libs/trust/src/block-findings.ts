import type { Finding } from './finding.js';
import type { PemBlock } from './pem-blocks.js';

/** Labels under which OpenSSL reads a certificate from a CA file. */
export const CERTIFICATE_LABELS: readonly string[] = ['CERTIFICATE', 'X509 CERTIFICATE'];

/** What is wrong with a block that is not a readable certificate, or null. Its content is never quoted. */
export function blockFinding(block: PemBlock): Finding | null {
  if (block.label.endsWith('PRIVATE KEY')) return privateKey(block);
  if (block.state === 'broken') return brokenBlock(block, block.reason);
  if (block.state === 'overlooked') return overlooked(block, block.reason);
  if (CERTIFICATE_LABELS.includes(block.label)) return null;
  return foreignBlock(block);
}

/** Base64 was fine and the bytes are no certificate. */
export function notACertificate(block: PemBlock): Finding {
  return {
    code: 'block.not-a-certificate',
    severity: 'error',
    message: `${place(block)} is labelled CERTIFICATE and its bytes are not one`,
    nextStep: 'copy this certificate again from where it was issued',
  };
}

function privateKey(block: PemBlock): Finding {
  return {
    code: 'block.private-key',
    severity: 'error',
    message: `${place(block)} is a private key; a trust bundle holds public certificates only`,
    nextStep: 'take the key out, and replace it if this file was ever copied to a host',
  };
}

function brokenBlock(block: PemBlock, reason: string): Finding {
  return {
    code: 'block.broken',
    severity: 'error',
    message: `${place(block)} ${reason}; nginx refuses the whole file`,
    nextStep: 'repair this block, or copy the certificate again from where it was issued',
  };
}

function overlooked(block: PemBlock, reason: string): Finding {
  return {
    code: 'block.overlooked',
    severity: 'error',
    message: `${place(block)} ${reason}; nginx passes over it without a word`,
    nextStep: 'put the BEGIN marker alone on its line, with nothing before or behind it',
  };
}

/** Blocks that are well formed and do not belong into a CA bundle. */
function foreignBlock(block: PemBlock): Finding {
  const at = place(block);
  switch (block.label) {
    case 'TRUSTED CERTIFICATE':
      return {
        code: 'block.trusted-certificate',
        severity: 'error',
        message: `${at} is OpenSSL's own TRUSTED CERTIFICATE: nginx trusts it beside others, but never names it to clients`,
        nextStep: 'convert it: openssl x509 -in FILE -out FILE.pem',
      };
    case 'PKCS7':
    case 'CMS':
      return {
        code: 'block.pkcs7',
        severity: 'error',
        message: `${at} is a ${block.label} container, which nginx does not open`,
        nextStep: 'unpack it: openssl pkcs7 -print_certs -in FILE -out FILE.pem',
      };
    case 'X509 CRL':
      return {
        code: 'block.crl',
        severity: 'warning',
        message: `${at} is a CRL: in a CA bundle it counts only beside ssl_crl, and from nginx 1.27.2 on only where ssl_crl names this file as well; else nobody is refused because of it`,
        nextStep: 'name this file in ssl_crl, or put the CRL into a file of its own and name that',
      };
    default:
      return {
        code: 'block.ignored',
        severity: 'warning',
        message: `${at} is a ${printable(block.label)}, which nginx ignores in a CA bundle`,
        nextStep: 'take it out',
      };
  }
}

function place(block: PemBlock): string {
  return `block ${block.index} (line ${block.line})`;
}

function printable(label: string): string {
  return /^[A-Z0-9 ]{1,40}$/.test(label) ? label : 'block of an unknown kind';
}
