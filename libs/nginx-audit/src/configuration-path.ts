/** nginx's own default (`--conf-path`) on the distributions that matter. */
export const DEFAULT_PREFIX = '/etc/nginx';

/** `ngx_conf_full_name`: a relative path in a directive starts from the folder of the main file. */
export function absolutePath(path: string, prefix: string): string {
  return path.startsWith('/') ? path : `${prefix.replace(/\/$/, '')}/${path}`;
}

/** The folder that holds a file, without the slash at its end. */
export function folderOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash <= 0 ? '/' : path.slice(0, slash);
}

/** True when nginx hands the path to glob(3) (`ngx_conf_include`). */
export function isGlob(path: string): boolean {
  return /[*?[]/.test(path);
}

/** glob(3) without flags: `*`, `?` and `[...]` match neither a slash nor a dot that starts a name. */
export function matchesGlob(path: string, pattern: string): boolean {
  const names = path.split('/');
  const patterns = pattern.split('/');
  return (
    names.length === patterns.length && patterns.every((one, level) => matchesName(names[level] ?? '', one))
  );
}

function matchesName(name: string, pattern: string): boolean {
  if (name.startsWith('.') && !pattern.startsWith('.')) return false;
  return new RegExp(`^${expression(pattern)}$`, 's').test(name);
}

function expression(pattern: string): string {
  return pattern
    .replace(/[.+^${}()|\\]/g, '\\$&')
    .replace(/\[[^\]]*$/, '\\$&') // glob(3) takes a bracket that is never closed for itself
    .replace(/\[!/g, '[^')
    .replace(/\*/g, '.*')
    .replace(/\?/g, '.');
}
