# METADATA
# title: What an nginx does with client certificates that it should not
# description: |
#   conftest test --parser nginx --policy policy/conftest --namespace nginx.mtls nginx.conf
#   Rules have the ids, and their texts, of the rule table of `windlass audit` (docs/audit-rules.md). `deny` is
#   what is an error there, `warn` a warning. The real depth of your chains comes with --data: windlass.client_depth.
package nginx.mtls

import data.nginx.guards
import data.nginx.rules
import data.nginx.servers
import data.nginx.words

deny contains finding if {
	some found in findings
	found.severity == "error"
	finding := said(found)
}

warn contains finding if {
	some found in findings
	found.severity == "warning"
	finding := said(found)
}

# Conftest prints msg; the rest is in its JSON output as metadata.
said(found) := object.union(found, {
	"msg": sprintf("%s: %s. %s Fix: %s [%s]", [found.about, found.what, text.matters, text.remedy, found.rule]),
	"fix": text.remedy,
}) if {
	text := rules.texts[found.rule]
}

finding(rule, severity, server, what) := {
	"rule": rule,
	"severity": severity,
	"server": servers.name(server),
	"about": servers.title(server),
	"what": what,
}

unread(rule, severity, about, what) := {
	"rule": rule,
	"severity": severity,
	"server": "",
	"about": about,
	"what": what,
}

# Without this a file that another parser read would pass every rule.
findings contains unread("config-unreadable", "error", "the input", what) if {
	not is_nginx
	what := "it is not what Conftest's nginx parser makes of a file: run conftest with --parser nginx and without --combine"
}

is_nginx if is_array(input.directives)

findings contains unread("include-not-read", "warning", sprintf("include %s", [file]), what) if {
	walk(input.directives, [_, directive])
	is_object(directive)
	directive.name == "include"
	file := words.first_arg(directive)
	what := "Conftest does not follow it"
}

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

findings contains finding("bundle-missing", severity, server, what) if {
	some server in servers.all
	servers.asks(server)
	servers.verify(server) != "optional_no_ca"
	not servers.path(server, "ssl_client_certificate")
	severity := without_bundle(server)
	what := sprintf(
		"ssl_verify_client %s and no ssl_client_certificate, neither of its own nor inherited",
		[servers.verify(server)],
	)
}

# nginx 1.28 takes the other file in its place.
without_bundle(server) := "warning" if {
	servers.path(server, "ssl_trusted_certificate")
} else := "error"

# The number of intermediates in the chains of real clients, given with --data.
client_depth := data.windlass.client_depth

findings contains unread("depth-too-small", "error", "windlass.client_depth", what) if {
	not is_valid_depth
	what := sprintf("it is %v; give the number of CAs below the root, such as 2", [client_depth])
}

# A slip in the name would switch the rule off.
findings contains unread("depth-too-small", "error", sprintf("windlass.%s", [name]), what) if {
	some name in object.keys(data.windlass)
	name != "client_depth"
	what := "this setting does not exist: it is client_depth"
}

is_valid_depth if {
	is_number(client_depth)
	client_depth >= 0
	floor(client_depth) == client_depth
}

findings contains finding("depth-too-small", "error", server, what) if {
	is_valid_depth
	some server in servers.all
	servers.asks(server)
	servers.depth(server) < client_depth
	what := sprintf(
		"ssl_verify_depth is %d, and its clients have %d intermediates: they are refused",
		[servers.depth(server), client_depth],
	)
}

findings contains finding("depth-default", "warning", server, what) if {
	not data.windlass.client_depth
	some server in servers.all
	servers.asks(server)
	servers.depth(server) < 2
	what := sprintf(
		"ssl_verify_depth is %d: clients of a CA below a second intermediate are refused",
		[servers.depth(server)],
	)
}
