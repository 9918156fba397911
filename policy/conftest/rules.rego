# Made from the rule table in libs/nginx-audit/src/rules by `node dist/tools/audit-rules/main.js`; a test fails when
# it is out of date.
package nginx.rules

texts := {
	"verify-off": {
		"matters": "Everybody gets in while the configuration looks as if it verified: the usual left-over of a debugging session.",
		"remedy": "Set ssl_verify_client on.",
	},
	"verify-optional": {
		"matters": "A client that simply leaves its certificate out is served like one in good standing.",
		"remedy": "Set ssl_verify_client on, or refuse with if ($ssl_client_verify != SUCCESS) in the server or in every location that is not public.",
	},
	"verify-optional-no-ca": {
		"matters": "Anybody can sign a certificate with any name for himself; $ssl_client_s_dn then holds what he wrote.",
		"remedy": "Set ssl_verify_client on. Where something behind nginx verifies, refuse with if ($ssl_client_verify != SUCCESS) what it must not see.",
	},
	"guard-incomplete": {
		"matters": "A guard that names what it refuses (= NONE, ~ FAILED) lets the others pass. Only one that names what it lets in is closed.",
		"remedy": "Compare with != SUCCESS.",
	},
	"bundle-missing": {
		"matters": "A reload keeps the old configuration, and a restart leaves nginx down.",
		"remedy": "Name the file with the CA certificates of your clients in ssl_client_certificate.",
	},
	"depth-too-small": {
		"matters": "A longer chain is answered 400, although every certificate of it is trusted: the error log says that an issuer cannot be found.",
		"remedy": "Set ssl_verify_depth to the number of CAs below the root; a larger one lets nobody else in.",
	},
	"depth-default": {
		"matters": "Vault, EJBCA and the private CAs of clouds usually sign with a CA below an intermediate; after such a change all clients are refused. The depth lets nobody in, it only keeps long chains out.",
		"remedy": "Set ssl_verify_depth 3.",
	},
	"include-not-read": {
		"matters": "A file that was not read may switch verification on or off.",
		"remedy": "Audit the output of nginx -T, or give the whole folder.",
	},
	"config-unreadable": {
		"matters": "What stands there, and sometimes what follows, was not audited.",
		"remedy": "Mend it; nginx -t shows the next one.",
	},
	"suppression-without-reason": {
		"matters": "In a year nobody knows whether the reason still holds. Without one the finding is not suppressed.",
		"remedy": "Write the reason behind a colon.",
	},
}
