# METADATA
# title: What an nginx does with client certificates that it should not
# description: |
#   conftest test --parser nginx --policy policy/conftest --namespace nginx.mtls nginx.conf
#   Rules have the ids, and their texts, of the rule table of `windlass audit` (docs/audit-rules.md). `deny` is
#   what is an error there, `warn` a warning. The real depth of your chains (windlass.client_depth), and what you
#   accept (windlass.accepted), come with --data.
package nginx.mtls

import data.nginx.rules
import data.nginx.servers
import data.nginx.words

deny contains finding if {
	some found in findings
	found.severity == "error"
	not is_accepted(found)
	finding := said(found)
}

warn contains finding if {
	some found in findings
	found.severity == "warning"
	not is_accepted(found)
	finding := said(found)
}

# Comments are gone, so what somebody accepts stands in the data, for one rule and one server.
is_accepted(found) if {
	some accepted in data.windlass.accepted
	accepted.rule == found.rule
	accepted.server == found.server
	trim_space(accepted.reason) != ""
}

findings contains unread("suppression-without-reason", "error", "windlass.accepted", what) if {
	some accepted in data.windlass.accepted
	trim_space(object.get(accepted, "reason", "")) == ""
	what := sprintf("why is %v accepted?", [object.get(accepted, "rule", "it")])
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
