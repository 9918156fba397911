import type { HostDrift, ProbeTarget } from '#engine';
import type { Session } from './database.js';
import type { HostView } from './fleet-views.js';
import { firstToEnd, GenerationAnchors } from './generation-anchors.js';
import { type JumpPlace, jumpView } from './jump-columns.js';

/**
 * All that is shown of hosts in one statement: on a busy machine each way to the database and back takes long. Of a
 * key it has whether there is one. `served` is the generation of its own fleet whose text all files of a host were,
 * when it was last seen; what was held against another one than the fleet is to serve now says nothing of it.
 */
const HOSTS = `
SELECT hosts.id, hosts.fleet_id AS "fleetId", hosts.name, hosts.address, hosts.port, hosts.ssh_user AS "user",
       hosts.host_key AS "hostKey", hosts.private_key IS NOT NULL AS "hasKey",
       hosts.jump_address AS "jumpAddress", hosts.jump_port AS "jumpPort", hosts.jump_user AS "jumpUser",
       hosts.jump_host_key AS "jumpHostKey", hosts.jump_private_key IS NOT NULL AS "hasJumpKey",
       hosts.managed_paths AS "managedPaths", hosts.nginx_binary AS "nginxBinary",
       hosts.nginx_arguments AS "nginxArguments", hosts.reload_command AS "reloadCommand", hosts.access,
       hosts.created_at AS "createdAt", hosts.decommissioned_at AS "decommissionedAt",
       (SELECT json_agg(json_build_object('address', address, 'port', port, 'serverName', server_name, 'path', path)
                        ORDER BY position)
          FROM probe_targets WHERE host_id = hosts.id) AS "probeTargets",
       last.at, last.seen_at AS "seenAt", last.state, last.files, last.listeners, last.problems,
       last.generation_id = fleets.generation_id AS "isCurrent", served.id AS "servedId", served.number AS "servedNumber"
  FROM hosts JOIN fleets ON fleets.id = hosts.fleet_id
  LEFT JOIN host_observations AS last ON last.host_id = hosts.id
  LEFT JOIN generations AS served ON served.fleet_id = hosts.fleet_id
   AND served.digest = last.files -> 0 ->> 'digest'
   AND NOT jsonb_path_exists(last.files, '$[*] ? (@.digest != $digest)',
         jsonb_build_object('digest', last.files -> 0 -> 'digest'))`;

type HostRow = Omit<HostView, 'login' | 'jump' | 'observed' | 'probeTargets'> &
  JumpPlace &
  LookRow &
  Required<Pick<HostView, 'nginxArguments' | 'reloadCommand' | 'access'>> & {
    readonly hasKey: boolean;
    readonly hasJumpKey: boolean;
    /** Null: none. */
    readonly probeTargets: readonly ProbeTarget[] | null;
  };

/** The last look at a host; all of it is null where nobody ever looked. */
interface LookRow {
  readonly at: Date | null;
  readonly seenAt: Date | null;
  readonly state: HostDrift['state'];
  readonly files: HostDrift['files'];
  readonly listeners: HostDrift['listeners'];
  readonly problems: HostDrift['problems'];
  readonly isCurrent: boolean;
  /** Null: of a text that is none of the fleet's. */
  readonly servedId: string | null;
  readonly servedNumber: number | null;
}

/** Hosts as people see them. */
export class ShownHosts {
  private readonly anchors = new GenerationAnchors();

  /** Those that a condition on `hosts` with its parameters names, oldest first; `most` of them where that is given. */
  async where(
    session: Session,
    condition: string,
    parameters: readonly unknown[],
    most: number | null = null,
  ): Promise<HostView[]> {
    const limit = `$${parameters.length + 1}`;
    const rows = await session.rows<HostRow>(
      `${HOSTS} WHERE ${condition} ORDER BY hosts.created_at, hosts.id LIMIT ${limit}`,
      [...parameters, most],
    );
    const served = new Set(rows.flatMap(({ servedId }) => servedId ?? []));
    const anchors = await this.anchors.of(session.manager, [...served]);
    return rows.map((row) => toHostView(row, firstToEnd(anchors.get(row.servedId ?? '') ?? [])));
  }
}

function toHostView(row: HostRow, expiresAt: Date | null): HostView {
  const { id, fleetId, name, address, port, user, hostKey, hasKey, hasJumpKey, managedPaths } = row;
  const { nginxBinary, nginxArguments, reloadCommand, access, createdAt, decommissionedAt } = row;
  return {
    ...{ id, fleetId, name, address, port, user, hostKey },
    login: hasKey ? 'key' : 'agent',
    ...{ jump: jumpView(row, hasJumpKey), managedPaths, nginxBinary, nginxArguments, reloadCommand, access },
    ...{ probeTargets: row.probeTargets ?? [], createdAt, decommissionedAt },
    observed: observedOf(row, expiresAt),
  };
}

function observedOf(row: LookRow, expiresAt: Date | null): HostView['observed'] {
  const { at, seenAt, files, listeners, problems, servedNumber } = row;
  if (at === null) return null;
  const state = row.isCurrent ? row.state : 'unknown';
  return { at, seenAt, files, listeners, problems, state, generation: servedNumber, expiresAt };
}
