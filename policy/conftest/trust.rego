# Whether there is a bundle, and room for the chains of real clients.
package nginx.mtls

import data.nginx.servers

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
	not name in {"client_depth", "accepted"}
	what := "this setting does not exist: it is client_depth, or accepted"
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
