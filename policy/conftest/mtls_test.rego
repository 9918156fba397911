package nginx.mtls_test

import data.nginx.mtls
import data.nginx.rules

directive(name, parameters) := {"name": name, "parameters": parameters}

block(name, directives) := {"name": name, "block": {"directives": directives}}

config(directives) := {"directives": [block("http", [server(directives)])]}

server(directives) := block("server", array.concat([directive("listen", ["443", "ssl"])], directives))

bundle := directive("ssl_client_certificate", ["/ca.pem"])

verify(value) := directive("ssl_verify_client", [value])

deep := directive("ssl_verify_depth", ["2"])

ids(found) := {finding.rule | some finding in found}

test_a_server_that_verifies_is_clean if {
	clean := config([bundle, verify("on"), deep])
	count(mtls.deny) == 0 with input as clean
	count(mtls.warn) == 0 with input as clean
}

test_verify_off_is_denied if {
	ids(mtls.deny) == {"verify-off"} with input as config([bundle])
	ids(mtls.deny) == {"verify-off"} with input as config([bundle, verify("off")])
	ids(mtls.deny) == {"verify-off"} with input as config([bundle, verify(`"off"`)])
	count(mtls.deny) == 0 with input as config([])
}

test_a_server_that_is_public_below_an_http_that_verifies_is_a_warning if {
	http := block("http", [bundle, verify("on"), server([verify("off")])])
	count(mtls.deny) == 0 with input as {"directives": [http]}
	ids(mtls.warn) == {"verify-off"} with input as {"directives": [http]}
}

test_verify_optional_is_denied_without_a_guard if {
	ids(mtls.deny) == {"verify-optional"} with input as config([bundle, verify("optional"), deep])
	ids(mtls.deny) == {"verify-optional-no-ca"} with input as config([verify("optional_no_ca"), deep])
}

test_verify_optional_is_a_warning_where_some_locations_are_guarded if {
	guard := {
		"name": "if",
		"parameters": ["($ssl_client_verify", "!=", "SUCCESS)"],
		"block": {"directives": [directive("return", ["403"])]},
	}
	partly := config([bundle, verify("optional"), deep, block("location", [guard]), block("location", [])])
	count(mtls.deny) == 0 with input as partly
	ids(mtls.warn) == {"verify-optional"} with input as partly
	count(mtls.deny | mtls.warn) == 0 with input as config([bundle, verify("optional"), deep, guard])
}

test_a_bundle_that_is_missing_is_denied if {
	ids(mtls.deny) == {"bundle-missing"} with input as config([verify("on"), deep])
	ids(mtls.deny) == {"bundle-missing"} with input as config([verify("on"), deep, directive("ssl_client_certificate", [`""`])])
}

test_a_trusted_file_in_its_place_is_a_warning if {
	other := config([verify("on"), deep, directive("ssl_trusted_certificate", ["/all.pem"])])
	ids(mtls.warn) == {"bundle-missing"} with input as other
	count(mtls.deny) == 0 with input as other
}

test_a_depth_below_two_is_a_warning if {
	ids(mtls.warn) == {"depth-default"} with input as config([bundle, verify("on")])
	ids(mtls.warn) == {"depth-default"} with input as config([bundle, verify("on"), directive("ssl_verify_depth", ["1"])])
}

test_a_depth_below_the_real_chain_is_denied if {
	at_depth(3) == {"depth-too-small"}
	at_depth(2) == set()
	count(mtls.warn) == 0 with input as config([bundle, verify("on")]) with data.windlass as {"client_depth": 1}
}

at_depth(depth) := found if {
	found := ids(mtls.deny) with input as config([bundle, verify("on"), deep])
		with data.windlass as {"client_depth": depth}
}

test_what_is_no_depth_is_denied if {
	every depth in ["3", -1, 1.5, null] {
		at_depth(depth) == {"depth-too-small"}
	}
	clean := config([bundle, verify("on"), deep])
	ids(mtls.deny) == {"depth-too-small"} with input as clean with data.windlass as {"clientDepth": 3}
}

test_what_is_accepted_with_a_reason_does_not_count if {
	open := config([directive("server_name", ["pay.test"]), bundle, verify("optional"), deep])
	accepting("verify-optional", "pay.test", "the application looks", open) == set()
	accepting("verify-optional", "other.test", "the application looks", open) == {"verify-optional"}
	accepting("verify-off", "pay.test", "the application looks", open) == {"verify-optional"}
	accepting("verify-optional", "pay.test", " ", open) == {"verify-optional", "suppression-without-reason"}
}

accepting(rule, server_name, reason, config) := found if {
	accepted := [{"rule": rule, "server": server_name, "reason": reason}]
	found := ids(mtls.deny) with input as config with data.windlass as {"accepted": accepted}
}

test_a_server_without_tls_or_that_rejects_handshakes_asks_nobody if {
	plain := {"directives": [block("server", [directive("listen", ["80"]), bundle, verify("optional")])]}
	count(mtls.deny | mtls.warn) == 0 with input as plain
	count(mtls.deny | mtls.warn) == 0 with input as config([bundle, directive("ssl_reject_handshake", ["on"])])
}

test_an_include_is_a_warning if {
	ids(mtls.warn) == {"include-not-read"} with input as config([directive("include", ["tls.conf"])])
}

test_what_no_nginx_parser_made_is_denied if {
	every other in [{}, [{"path": "nginx.conf", "contents": {}}], {"server": {"listen": 443}}, {"directives": 1}] {
		ids(mtls.deny) == {"config-unreadable"} with input as other
	}
}

test_messages_say_who_what_why_and_what_to_do if {
	named := config([directive("server_name", ["pay.test"]), bundle, verify("optional"), deep])
	[finding] := [one | some one in mtls.deny] with input as named
	startswith(finding.msg, "server pay.test (listen 443 ssl): ssl_verify_client optional, and nothing looks at")
	contains(finding.msg, rules.texts["verify-optional"].matters)
	contains(finding.msg, concat("", ["Fix: ", rules.texts["verify-optional"].remedy]))
	endswith(finding.msg, "[verify-optional]")
	finding.server == "pay.test"
}
