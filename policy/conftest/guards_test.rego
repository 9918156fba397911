package nginx.guards_test

import data.nginx.guards

directive(name, parameters) := {"name": name, "parameters": parameters}

block(name, parameters, directives) := {"name": name, "parameters": parameters, "block": {"directives": directives}}

# As the parser cuts the condition into words.
guard(words) := block("if", words, [directive("return", ["403"])])

bad(rows) := block("map", ["$ssl_client_verify", "$bad"], [directive(row[0], [row[1]]) | some row in rows])

test_what_lets_only_success_on_is_sound if {
	every words in [
		["($ssl_client_verify", "!=", "SUCCESS)"],
		["(", "$ssl_client_verify", "!=", `"SUCCESS"`, ")"],
		["($ssl_client_verify", "!~", "^SUCCESS$)"],
		["($ssl_client_verify", "!~*", "^success$)"],
		["($ssl_client_verify", "~", "^$|^NONE|^FAILED)"],
	] {
		guards.sound([guard(words)], [])
	}
}

test_what_names_some_failures_is_leaky if {
	every words in [
		["($ssl_client_verify", "=", "NONE)"],
		["($ssl_client_verify", "~", "FAILED)"],
		["($ssl_client_verify", "~*", "none)"],
		["($ssl_client_verify)"],
	] {
		guards.leaky([guard(words)], [])
		not guards.sound([guard(words)], [])
	}
}

test_an_expression_that_re2_cannot_read_never_counts if {
	every operator in ["~", "!~"] {
		not guards.sound([guard(["($ssl_client_verify", operator, "^(?!SUCCESS$))"])], [])
	}
}

test_other_conditions_are_no_guards if {
	every words in [["($scheme", "=", "http)"], ["($bad)"]] {
		not guards.sound([guard(words)], [])
		not guards.leaky([guard(words)], [])
	}
}

test_an_if_that_refuses_nobody_is_no_guard if {
	condition := ["($ssl_client_verify", "!=", "SUCCESS)"]
	every inside in [[], [directive("set", ["$x", "1"])], [directive("return", ["200"])]] {
		not guards.sound([block("if", condition, inside)], [])
	}
}

test_a_map_is_read_as_nginx_reads_it if {
	every rows in [
		[["default", "1"], ["SUCCESS", "0"]],
		[["default", "1"], ["success", `""`]],
		[["default", "1"], [`"~^SUCCESS$"`, "0"]],
		[["~*^suc", "0"], ["default", "yes"]],
		[["SUCCESS", "0"], ["~.", "1"], [`""`, "1"]],
	] {
		guards.sound([guard(["($bad)"])], [bad(rows)])
	}
	every rows in [
		[["default", "0"], ["NONE", "1"]],
		[["SUCCESS", "0"], ["~.", "1"]],
		[],
	] {
		guards.leaky([guard(["($bad)"])], [bad(rows)])
	}
}

test_an_exact_row_comes_before_an_expression if {
	guards.sound([guard(["($bad)"])], [bad([["~.", "1"], [`""`, "1"], ["SUCCESS", "0"]])])
}

test_closed_locations_need_no_guard if {
	every inside in [
		[directive("return", ["404"])],
		[directive("return", ["301", "https://$host"])],
		[directive("internal", [])],
		[directive("deny", ["all"])],
	] {
		guards.closed(inside)
	}
	not guards.closed([directive("return", ["200"])])
	not guards.closed([directive("deny", ["all"]), directive("allow", ["10.0.0.0/8"])])
}

test_nested_locations_are_looked_at if {
	inner := block("location", ["/a/b"], [directive("proxy_pass", ["http://app"])])
	outer := block("location", ["/a"], [guard(["($ssl_client_verify", "!=", "SUCCESS)"]), inner])
	count(guards.unguarded({"own": [outer], "outer": []})) == 1
}
