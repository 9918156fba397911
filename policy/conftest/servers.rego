# Every server of a configuration, with nginx's inheritance worked in: what is asked of one is what nginx would do.
package nginx.servers

import data.nginx.words

# A server: its protocol, its block, the directives in it (own), and those around it (outer).
all := [server |
	some context in contexts
	some block in words.blocks(context.outer, "server")
	server := {"protocol": context.protocol, "outer": context.around, "own": words.inside(block), "block": block}
]

# What holds servers. One outside of http was pasted, and what stands beside it is its http; or it comes from the
# output of nginx -T, and the http that has an include is its own.
contexts := array.concat(
	[{"protocol": block.name, "outer": outer, "around": outer} |
		some block in input.directives
		block.name in {"http", "stream"}
		words.is_block(block)
		outer := words.inside(block)
	],
	[{"protocol": "http", "outer": input.directives, "around": around_pasted}],
)

around_pasted := including_http if {
	count(including_http) > 0
} else := input.directives

including_http := [directive |
	some block in words.blocks(input.directives, "http")
	count(words.named(words.inside(block), "include")) > 0
	some directive in words.inside(block)
]

# The directive that applies: a server that says anything of that name drops what stands around it.
one(server, name) := words.named(server.own, name)[0] if {
	owns(server, name)
} else := words.named(server.outer, name)[0]

owns(server, name) if count(words.named(server.own, name)) > 0

value(server, name) := words.first_arg(one(server, name))

# A file that a directive names; undefined when unset, and for "", which unsets it.
path(server, name) := given if {
	given := value(server, name)
	given != ""
}

default verify(_) := "off"

verify(server) := given if {
	given := value(server, "ssl_verify_client")
	given in {"on", "optional", "optional_no_ca"}
}

# ssl_verify_depth, 1 unless set: the number of intermediates.
default depth(_) := 1

depth(server) := to_number(given) if {
	given := value(server, "ssl_verify_depth")
	regex.match(`^\d+$`, given)
}

# It ends every handshake: nobody gets a request through.
rejects(server) if value(server, "ssl_reject_handshake") == "on"

tls(server) if value(server, "ssl") == "on"

tls(server) if {
	some listen in words.named(server.own, "listen")
	socket(listen) in tls_sockets[server.protocol]
}

# Clients are asked for a certificate.
asks(server) if {
	tls(server)
	verify(server) != "off"
	not rejects(server)
}

# One listen with ssl is enough for all servers of a socket (ngx_http_add_addresses).
tls_sockets := {protocol: sockets |
	some protocol in {"http", "stream"}
	sockets := {socket(listen) |
		some server in all
		server.protocol == protocol
		some listen in words.named(server.own, "listen")
		some parameter in words.args(listen)
		parameter in {"ssl", "quic"}
	}
}

# Address and port as nginx tells sockets apart.
socket(listen) := address if {
	address := words.first_arg(listen)
	startswith(address, "unix:")
}

socket(listen) := sprintf("*:%s", [address]) if {
	address := words.first_arg(listen)
	regex.match(`^[\d-]+$`, address)
}

socket(listen) := sprintf("%s:%s", [host(parts[1]), port(parts[2])]) if {
	address := words.first_arg(listen)
	not startswith(address, "unix:")
	not regex.match(`^[\d-]+$`, address)
	some parts in regex.find_all_string_submatch_n(`^(\[[^\]]*\]|[^:]*)(?::([\d-]+))?$`, address, 1)
}

host("0.0.0.0") := "*"

host(name) := lower(name) if name != "0.0.0.0"

port("") := "80"

port(given) := given if given != ""

# Locations at any depth.
locations(server) := [directive |
	walk(server.own, [_, directive])
	is_object(directive)
	directive.name == "location"
	words.is_block(directive)
]

# Whom a finding is about, as a person would call it.
title(server) := sprintf("server %s (%s)%s", [name(server), listening(server), place(server)]) if name(server) != ""

else := sprintf("a server without a name (%s)%s", [listening(server), place(server)])

# Conftest's own parser knows no places; what `windlass audit --format conftest` prints has them.
default place(_) := ""

place(server) := sprintf(" at %s:%d", [server.block.file, server.block.line])

default name(_) := ""

name(server) := given if {
	given := words.first_arg(words.named(server.own, "server_name")[0])
	given != "_"
}

listening(server) := concat(", ", lines) if {
	lines := [sprintf("listen %s", [concat(" ", words.args(one))]) | some one in words.named(server.own, "listen")]
	count(lines) > 0
} else := "no listen of its own"
