import { existsSync, readdirSync } from 'node:fs';
import { extname } from 'node:path';
import type { RequestHandler } from 'express';

/** What the build wrote beside a file, by what a client calls it. */
const SUFFIXES = { br: '.br', gzip: '.gz' } as const;
/** The smaller one first. */
const ENCODINGS = ['br', 'gzip'] as const;

/**
 * Leads a request for a file to its compressed twin, where there is one that the client takes; what serves the folder
 * does the rest, so that each twin has an ETag of its own. A part of a file is a part of the file as it is.
 */
export function compressedBeside(folder: string): RequestHandler {
  const names = existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: 'utf8' }) : [];
  const files = new Set(names.map((name) => name.replaceAll('\\', '/')));
  return (request, response, next) => {
    // The reply to any other method is not the file.
    if (request.method !== 'GET' && request.method !== 'HEAD') return next();
    const name = request.path.slice(1);
    const there = ENCODINGS.filter((encoding) => files.has(name + SUFFIXES[encoding]));
    if (!files.has(name) || there.length === 0) return next();
    response.vary('Accept-Encoding');
    const encoding = there.find((one) => request.acceptsEncodings(one) === one);
    if (encoding === undefined || request.headers.range !== undefined) return next();
    response.set('Content-Encoding', encoding).type(extname(name));
    request.url = `/${name}${SUFFIXES[encoding]}`;
    next();
  };
}
