import { setInServer, without } from '../edits.js';
import type { EffectiveServer } from '../effective-server.js';
import { type Rule, rfc, sslDocs } from '../rule.js';

/** How sessions of a server can be resumed; null when they cannot. */
export function resumption(server: EffectiveServer): { tickets: boolean; cache: boolean } | null {
  const tickets = server.value('ssl_session_tickets') !== 'off';
  const cache = (server.one('ssl_session_cache')?.args ?? []).some((kind) => /^(shared:|builtin)/.test(kind));
  return tickets || cache ? { tickets, cache } : null;
}

const sessionResumption: Rule = {
  id: 'session-resumption',
  title: 'A revoked client goes on with the session it has',
  severity: 'warning',
  does: 'A resumed session keeps the verdict of its full handshake: nginx looks at ssl_crl at the handshake only. Measured: a client that the new CRL revokes, or whose CA was re-keyed under the same name, is still answered 200 with a session from before, whatever was reloaded.',
  matters:
    'Revocation takes effect when the session ends: after ssl_session_timeout (5 minutes unless set), or with the ticket key.',
  remedy:
    'Switch resumption off where a CRL must count at once: ssl_session_tickets off, and ssl_session_cache none. A generation marker of Windlass in the bundle ends old sessions at every change without that, where the default server of the socket asks for the same bundle.',
  references: [sslDocs('ssl_session_tickets'), sslDocs('ssl_session_cache'), rfc(8446, '2.2')],
  *check(view) {
    for (const server of view.servers.filter(({ asks }) => asks)) {
      const crl = server.one('ssl_crl');
      const how = resumption(server);
      if (crl === null || server.path('ssl_crl') === null || how === null) continue;
      yield {
        at: crl,
        message: `${server.title} has a CRL, and sessions can be resumed by ${[how.tickets ? 'ticket' : '', how.cache ? 'cache' : ''].filter(Boolean).join(' and ')}: a revoked client goes on for ${server.value('ssl_session_timeout') ?? '5m'}`,
        fix: {
          title: 'Switch resumption off',
          edits: [
            ...(how.tickets ? [setInServer(view, server, 'ssl_session_tickets', 'off')] : []),
            ...(how.cache ? [setInServer(view, server, 'ssl_session_cache', 'none')] : []),
          ],
        },
      };
    }
  },
};

const sessionTicketKey: Rule = {
  id: 'session-ticket-key',
  title: 'A ticket key in a file keeps sessions alive across restarts',
  severity: 'warning',
  does: 'With ssl_session_ticket_key, tickets are good on every host with that file, and after every reload and restart, until somebody changes the file.',
  matters:
    'Measured: a client of a re-keyed or revoked CA is answered 200 with an old ticket even after a restart. Whoever reads the file can open recorded TLS 1.2 sessions.',
  remedy:
    'Leave it out: nginx then makes keys of its own, and changes them. Where a fleet must share tickets, change the file at least daily, and at every change of trust.',
  references: [sslDocs('ssl_session_ticket_key'), rfc(5077, '5.5')],
  *check(view) {
    for (const server of view.servers.filter(({ asks }) => asks)) {
      const at = server.one('ssl_session_ticket_key');
      if (at === null || server.value('ssl_session_tickets') === 'off') continue;
      const all = (server.owns(at) ? server.own : server.outer).named('ssl_session_ticket_key');
      yield {
        at,
        message: `${server.title} verifies clients and takes tickets of the key in ${at.args[0]}: sessions outlive the trust they were made under`,
        fix: { title: 'Leave the key file out', edits: all.map((one) => without(view, one)) },
      };
    }
  },
};

export const SESSION_RULES: readonly Rule[] = [sessionResumption, sessionTicketKey];
