import { blockFinding, notACertificate } from './block-findings.js';
import type { Bundle } from './bundle.js';
import type { BundleCertificate } from './certificate.js';
import { firstElement } from './der.js';
import type { Finding } from './finding.js';
import { MAX_PEM_BLOCKS, MAX_PEM_BYTES, type PemBlock, pemBlocks } from './pem-blocks.js';
import { pemText } from './pem-text.js';
import { readCertificate } from './read-certificate.js';

/**
 * Splits a text into its PEM blocks and reads every certificate that nginx would read from it. Never throws:
 * whatever cannot be read is a finding with its block number and line.
 */
export function parseBundle(pem: string): Bundle {
  const size = Buffer.byteLength(pem);
  if (size > MAX_PEM_BYTES) return { certificates: [], findings: [tooLarge(size)] };
  const blocks = pemBlocks(pem);
  if (blocks.length === 0) return { certificates: [], findings: [noBlocks(pem)] };
  const { certificates, findings } = readBlocks(blocks.slice(0, MAX_PEM_BLOCKS));
  const beyond = blocks[MAX_PEM_BLOCKS];
  return {
    certificates,
    findings: [
      ...(pem.includes('\0') ? [notText()] : []),
      ...findings,
      ...(beyond === undefined ? [] : [tooMany(beyond, blocks.length)]),
    ],
  };
}

function readBlocks(blocks: readonly PemBlock[]): Bundle {
  const certificates: BundleCertificate[] = [];
  const findings: Finding[] = [];
  for (const block of blocks) {
    const finding = blockFinding(block);
    if (finding !== null) {
      findings.push(finding);
    } else if (block.state === 'read') {
      const certificate = certificateIn(block, block.der);
      if (certificate === null) findings.push(notACertificate(block));
      else certificates.push(certificate);
    }
  }
  return { certificates, findings };
}

function certificateIn(block: PemBlock, bytes: Uint8Array<ArrayBuffer>): BundleCertificate | null {
  try {
    const der = firstElement(bytes);
    return {
      ...readCertificate(der),
      index: block.index,
      line: block.line,
      pem: pemText('CERTIFICATE', der),
    };
  } catch {
    // The parser's own message may quote bytes of the input; the position says enough.
    return null;
  }
}

function tooMany({ index, line }: PemBlock, count: number): Finding {
  return {
    code: 'bundle.too-many-blocks',
    severity: 'error',
    message: `the bundle holds ${count} PEM blocks; those from block ${index} (line ${line}) on were not read`,
    nextStep: `take out what is no CA of your clients: ${MAX_PEM_BLOCKS} blocks are read`,
  };
}

function tooLarge(size: number): Finding {
  return {
    code: 'bundle.too-large',
    severity: 'error',
    message: `the bundle has ${size} bytes, more than ${MAX_PEM_BYTES}`,
    nextStep: 'keep only the CAs that issue your clients',
  };
}

/** Measured: a NUL before the first block hides all of them from OpenSSL. */
function notText(): Finding {
  return {
    code: 'bundle.not-text',
    severity: 'error',
    message: 'the bundle holds a NUL byte, behind which nginx may overlook certificates',
    nextStep: 'save it as plain text (UTF-8 or ASCII)',
  };
}

function noBlocks(text: string): Finding {
  if (text.trim() === '') {
    return {
      code: 'bundle.empty',
      severity: 'error',
      message: 'the bundle is empty; nginx refuses it',
      nextStep: 'put the certificate of the CA that issues your clients into it, as PEM',
    };
  }
  // A DER certificate is a SEQUENCE (0x30) whose length takes more than one byte (0x82, lost when read as UTF-8).
  const der = /^0[\u0080-\uffff]/.test(text);
  return {
    code: der ? 'bundle.der' : 'bundle.not-pem',
    severity: 'error',
    message: der ? 'the bundle is DER (binary); nginx reads PEM only' : 'the bundle holds no PEM block',
    nextStep: der
      ? 'convert it: openssl x509 -inform DER -in FILE -out FILE.pem'
      : 'a PEM certificate starts with a line -----BEGIN CERTIFICATE-----',
  };
}
