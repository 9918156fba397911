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
