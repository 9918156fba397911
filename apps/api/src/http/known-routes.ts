import type { Request } from 'express';

/** The parts of Express's router that are read here. */
interface RouterLayer {
  readonly route?: { readonly path: string; readonly methods: Readonly<Record<string, boolean>> };
  /** Throws for a path that cannot be decoded. */
  match(path: string): false | { readonly params: Readonly<Record<string, string>> };
}

export interface KnownRoute {
  /** In Express's syntax, an escaped colon plain. */
  readonly path: string;
  /** Lower case. */
  readonly methods: readonly string[];
}

/** Every route of an Express application, as it is served. */
export function knownRoutes(app: unknown): readonly KnownRoute[] {
  return layersOf(app).flatMap(({ route }) => (route ? [routeOf(route)] : []));
}

/** The routes that the path of the request would reach, whatever its method. */
export function routesAt({ app, path }: Request): readonly KnownRoute[] {
  return layersOf(app).flatMap((layer) =>
    layer.route && reaches(layer, path) ? [routeOf(layer.route)] : [],
  );
}

/** No id has a colon: `/v1/rotations/7:abort` names a verb that the route of `/v1/rotations/:id` does not have. */
function reaches(layer: RouterLayer, path: string): boolean {
  try {
    const match = layer.match(path);
    return match !== false && !Object.values(match.params).some((value) => value.includes(':'));
  } catch {
    return false;
  }
}

function layersOf(app: unknown): readonly RouterLayer[] {
  return (app as { router: { stack: readonly RouterLayer[] } }).router.stack;
}

function routeOf({ path, methods }: NonNullable<RouterLayer['route']>): KnownRoute {
  return { path: path.replaceAll('\\', ''), methods: Object.keys(methods) };
}
