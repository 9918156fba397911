/** Major, minor, patch of nginx, as `nginx -v` prints it. */
export type NginxVersion = readonly [number, number, number];

/** Reads `1.26.3`, `nginx/1.26.3` or `nginx version: nginx/1.26.3 (Debian)`; null when there is none in it. */
export function parseNginxVersion(text: string): NginxVersion | null {
  const found = /(\d+)\.(\d+)\.(\d+)/.exec(text);
  return found === null ? null : [Number(found[1]), Number(found[2]), Number(found[3])];
}

/** True for a version that is `other` or came after it on the same line of numbers. */
function isAtLeast(version: NginxVersion, other: NginxVersion): boolean {
  const level = version.findIndex((number, i) => number !== other[i]);
  return level === -1 || (version[level] ?? 0) > (other[level] ?? 0);
}

/** Like {@link isAtLeast}, for a version written as text in a table of ours. */
export function isFrom(version: NginxVersion, first: string): boolean {
  const other = parseNginxVersion(first);
  return other !== null && isAtLeast(version, other);
}
