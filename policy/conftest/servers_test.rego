package nginx.servers_test

import data.nginx.servers
import data.nginx.words

directive(name, parameters) := {"name": name, "parameters": parameters}

block(name, directives) := {"name": name, "block": {"directives": directives}}

config(directives) := {"directives": directives}

test_quotes_and_escapes_are_taken_off_as_nginx_does if {
	words.plain("on") == "on"
	words.plain(`"on"`) == "on"
	words.plain("'a b'") == "a b"
	words.plain(`"a\"b\\c"`) == `a"b\c`
	words.plain(`\d+`) == `\d+`
	words.plain(`"`) == `"`
	words.plain(`""`) == ""
}

test_a_server_inherits_what_it_does_not_say if {
	http := block("http", [
		directive("ssl_verify_client", [`"optional"`]),
		directive("ssl_verify_depth", ["3"]),
		block("server", [directive("ssl_verify_client", ["on"])]),
	])
	[server] := servers.all with input as config([http])
	servers.verify(server) == "on"
	servers.depth(server) == 3
}

test_an_empty_path_takes_the_inherited_one_back if {
	http := block("http", [
		directive("ssl_client_certificate", ["/ca.pem"]),
		block("server", [directive("ssl_client_certificate", [`""`])]),
	])
	[server] := servers.all with input as config([http])
	not servers.path(server, "ssl_client_certificate")
}

test_http_and_stream_do_not_inherit_from_each_other if {
	both := [
		block("http", [directive("ssl_verify_client", ["on"]), block("server", [])]),
		block("stream", [block("server", [])]),
	]
	[http, stream] := servers.all with input as config(both)
	servers.verify(http) == "on"
	[stream.protocol, servers.verify(stream)] == ["stream", "off"]
}

test_a_pasted_server_inherits_what_stands_beside_it if {
	[server] := servers.all with input as config([directive("ssl_verify_client", ["on"]), block("server", [])])
	servers.verify(server) == "on"
}

test_a_server_of_a_dump_inherits_from_the_http_that_included_it if {
	dump := [
		block("http", [directive("ssl_verify_client", ["on"]), directive("include", ["conf.d/*.conf"])]),
		directive("ssl_verify_client", ["off"]),
		block("server", []),
	]
	[server] := servers.all with input as config(dump)
	servers.verify(server) == "on"
}

test_one_listen_with_ssl_speaks_for_all_servers_of_a_socket if {
	pair := [
		block("server", [directive("listen", ["443", "ssl"])]),
		block("server", [directive("listen", ["0.0.0.0:443"])]),
		block("server", [directive("listen", ["[::]:443"])]),
		block("server", [directive("listen", ["Host.test"])]),
		block("server", [directive("listen", ["unix:/run/n"])]),
		block("server", [directive("ssl", ["on"])]),
	]
	tls := [servers.tls(server) | some server in servers.all] with input as config([block("http", pair)])
	tls == [true, true, true]
}

test_sockets_are_told_apart_as_nginx_does if {
	servers.socket(directive("listen", ["443"])) == "*:443"
	servers.socket(directive("listen", ["0.0.0.0:443"])) == "*:443"
	servers.socket(directive("listen", ["Host.Test"])) == "host.test:80"
	servers.socket(directive("listen", ["[::1]:8443", "ssl"])) == "[::1]:8443"
	servers.socket(directive("listen", ["unix:/run/n.sock"])) == "unix:/run/n.sock"
}

test_a_server_is_called_by_its_name_and_its_listens if {
	named := {"own": [directive("server_name", [`"a.test"`, "b.test"]), directive("listen", ["443", "ssl"])]}
	servers.title(named) == "server a.test (listen 443 ssl)"
	servers.title({"own": [directive("server_name", ["_"])]}) == "a server without a name (no listen of its own)"
	placed := object.union(named, {"block": {"file": "/etc/nginx/a.conf", "line": 7}})
	servers.title(placed) == "server a.test (listen 443 ssl) at /etc/nginx/a.conf:7"
}
