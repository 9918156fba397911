# Whether clients are asked for a certificate, and whether anything acts on the outcome.
package nginx.mtls

import data.nginx.guards
import data.nginx.servers
import data.nginx.words

findings contains finding("verify-off", severity, server, what) if {
	some server in servers.all
	servers.tls(server)
	not servers.rejects(server)
	bundle := servers.path(server, "ssl_client_certificate")
	servers.verify(server) == "off"
	[severity, what] := open_to_all(server, bundle)
}

# A server that says `off` below an http that verifies may be public on purpose.
open_to_all(server, _) := [
	"warning",
	"ssl_verify_client off switches off the verification that it inherits: it lets everybody in",
] if {
	servers.owns(server, "ssl_verify_client")
	not servers.owns(server, "ssl_client_certificate")
} else := ["error", what] if {
	bundle := servers.path(server, "ssl_client_certificate")
	what := sprintf("ssl_client_certificate names %s and ssl_verify_client is off: it lets everybody in", [bundle])
}

loose := {
	"optional": {
		"rule": "verify-optional",
		"lets": "a client without a certificate gets through to the application",
	},
	"optional_no_ca": {
		"rule": "verify-optional-no-ca",
		"lets": "a client with a certificate of any CA, or of none, gets through to the application",
	},
}

findings contains finding(row.rule, "error", server, what) if {
	some server in servers.all
	servers.asks(server)
	row := loose[servers.verify(server)]
	is_open(server)
	what := sprintf(
		"ssl_verify_client %s, and nothing looks at $ssl_client_verify: %s",
		[servers.verify(server), row.lets],
	)
}

findings contains finding(row.rule, "warning", server, what) if {
	some server in servers.all
	server.protocol == "http"
	servers.asks(server)
	row := loose[servers.verify(server)]
	is_partly_open(server)
	what := sprintf(
		"ssl_verify_client %s, and %d of its locations do not look at $ssl_client_verify: there %s",
		[servers.verify(server), count(guards.unguarded(server)), row.lets],
	)
}

is_open(server) if {
	server.protocol == "stream"
	not switches_by_verdict(server)
}

is_open(server) if {
	server.protocol == "http"
	guards.wholly_open(server)
}

is_open(server) if {
	server.protocol == "http"
	open := count(guards.unguarded(server))
	open > 0
	open == count(servers.locations(server))
}

is_partly_open(server) if {
	open := count(guards.unguarded(server))
	open > 0
	open < count(servers.locations(server))
}

# `stream` has no `if`: a map of the verdict chooses where the connection goes.
switches_by_verdict(server) if {
	target := words.first_arg(words.named(server.own, "proxy_pass")[0])
	some map in words.blocks(server.outer, "map")
	["$ssl_client_verify", variable] = words.args(map)
	contains(target, variable)
}

findings contains finding("guard-incomplete", "error", server, what) if {
	some server in servers.all
	servers.asks(server)
	servers.verify(server) != "on"
	some scope in array.concat([server.own], inner_scopes(server))
	guards.leaky(scope, server.outer)
	what := "an if on $ssl_client_verify refuses some outcomes by name: whatever it does not name goes on"
}

inner_scopes(server) := [words.inside(directive) |
	walk(server.own, [_, directive])
	is_object(directive)
	directive.name in {"location", "if", "limit_except"}
	words.is_block(directive)
]
