import { RequestFault } from '../http/request-fault.js';

/** Folders on the hosts, absolute: what lies below them may be managed, or read as a log of clients. */
export interface AllowedFolders {
  readonly managedFolders: readonly string[];
  readonly logFolders: readonly string[];
}

/** Where paths on hosts may lie. A host program that is root would otherwise read and write whatever it is told. */
export class AllowedPaths {
  constructor(private readonly folders: AllowedFolders) {}

  /** Throws RequestFault `path.not-allowed` that names each of them by its place in the request. */
  refuseUnmanageable(paths: readonly { readonly path: string; readonly pointer: string }[]): void {
    this.refuse(paths, this.folders.managedFolders, 'WINDLASS_MANAGED_FOLDERS');
  }

  /** As {@link refuseUnmanageable}, for an access log. */
  refuseUnreadable(path: string, pointer: string): void {
    this.refuse([{ path, pointer }], this.folders.logFolders, 'WINDLASS_LOG_FOLDERS');
  }

  private refuse(
    paths: readonly { readonly path: string; readonly pointer: string }[],
    folders: readonly string[],
    variable: string,
  ): void {
    const refused = paths.filter(({ path }) => !folders.some((folder) => isBelow(path, folder)));
    if (refused.length === 0) return;
    const detail = `must lie below ${folders.join(', ')}`;
    throw new RequestFault(
      'path.not-allowed',
      `${refused.length === 1 ? 'A path lies' : `${refused.length} paths lie`} outside the folders that are allowed on hosts.`,
      `Give a path below one of them, or have an administrator of Windlass allow its folder in ${variable}.`,
      { errors: refused.slice(0, 50).map(({ pointer }) => ({ pointer, detail })) },
    );
  }
}

/** Both are normalised. */
function isBelow(path: string, folder: string): boolean {
  return path.startsWith(folder.endsWith('/') ? folder : `${folder}/`);
}
