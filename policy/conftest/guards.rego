# Whether an `if` on $ssl_client_verify closes what verification leaves open.
package nginx.guards

import data.nginx.servers
import data.nginx.words

# What $ssl_client_verify may be but SUCCESS (ngx_ssl_get_client_verify). An empty one is a connection without TLS.
failures := {
	"NONE",
	"FAILED:unable to get local issuer certificate",
	"FAILED:certificate has expired",
	"",
}

# Locations that answer although neither they nor their server look at the outcome.
unguarded(server) := [location |
	not sound(server.own, server.outer)
	some location in servers.locations(server)
	not closed(words.inside(location))
	not sound(words.inside(location), server.outer)
]

# Nothing divides the server into locations, and nothing looks at the outcome.
wholly_open(server) if {
	count(servers.locations(server)) == 0
	count(words.named(server.own, "return")) == 0
	not sound(server.own, server.outer)
}

# Only SUCCESS goes on.
sound(directives, around) if {
	some condition in conditions(directives, around)
	is_sound(condition)
}

# It looks at the outcome, and lets something else through.
leaky(directives, around) if {
	count(conditions(directives, around)) > 0
	not sound(directives, around)
}

# Nobody outside gets anything there: a refusal, a redirect, or inside use only.
closed(directives) if regex.match(`^[345]\d\d$`, words.first_arg(words.named(directives, "return")[0]))

closed(directives) if count(words.named(directives, "internal")) > 0

closed(directives) if {
	some deny in words.named(directives, "deny")
	words.first_arg(deny) == "all"
	count(words.named(directives, "allow")) == 0
}

is_sound(condition) if {
	lets(condition, "SUCCESS")
	every failure in failures {
		not lets(condition, failure)
	}
}

lets(condition, outcome) if not holds(condition, condition.values[outcome])

# The refusing `if`s whose variable follows from the outcome, each with the value that it has for every outcome.
conditions(directives, around) := [condition |
	some block in words.blocks(directives, "if")
	regex.match(`^[45]\d\d$`, words.first_arg(words.named(words.inside(block), "return")[0]))
	[variable, operator, operand] := parts(block)
	condition := {"operator": operator, "operand": operand, "values": values(variable, around)}
]

parts(block) := [found[1], found[2], found[3]] if {
	text := trim_space(trim_suffix(trim_space(trim_prefix(concat(" ", words.args(block)), "(")), ")"))
	some found in regex.find_all_string_submatch_n(`(?s)^(\$\w+)(?:\s+(!?=|!?~\*?)\s*(.*))?$`, text, 1)
}

values("$ssl_client_verify", _) := {outcome: outcome | some outcome in (failures | {"SUCCESS"})}

values(variable, around) := {outcome: mapped(map, outcome) | some outcome in (failures | {"SUCCESS"})} if {
	maps := [map |
		some map in words.blocks(around, "map")
		words.args(map) == ["$ssl_client_verify", variable]
	]
	map := maps[count(maps) - 1]
}

# ngx_http_map_module: exact words first, then expressions in their order, then the default.
mapped(map, outcome) := value if {
	value := exact(map, outcome)
} else := value if {
	value := expressed(map, outcome)
} else := value if {
	value := words.first_arg(words.named(words.inside(map), "default")[0])
} else := ""

exact(map, outcome) := [words.first_arg(row) |
	some row in words.inside(map)
	lower(words.plain(row.name)) == lower(outcome)
][0]

expressed(map, outcome) := [words.first_arg(row) |
	some row in words.inside(map)
	source := words.plain(row.name)
	startswith(source, "~")
	matches(substring(source, 1, -1), outcome)
][0]

# ngx_http_rewrite_module: a variable alone is false when it is empty or 0.
holds(condition, value) if {
	condition.operator == ""
	not value in {"", "0"}
}

holds(condition, value) if {
	condition.operator == "="
	value == condition.operand
}

holds(condition, value) if {
	condition.operator == "!="
	value != condition.operand
}

holds(condition, value) if {
	condition.operator in {"~", "~*"}
	matches(expression(condition), value)
}

holds(condition, value) if {
	condition.operator in {"!~", "!~*"}
	not matches(expression(condition), value)
}

expression(condition) := concat("", ["*", condition.operand]) if endswith(condition.operator, "*")

else := condition.operand

# `*` before an expression takes any case. One that RE2 cannot read (a look-ahead) matches nothing, so that a guard
# with it never counts as sound.
matches(expression, value) if {
	startswith(expression, "*")
	source := concat("", ["(?i)", substring(expression, 1, -1)])
	regex.is_valid(source)
	regex.match(source, value)
}

matches(expression, value) if {
	not startswith(expression, "*")
	regex.is_valid(expression)
	regex.match(expression, value)
}
