# The least that Windlass needs on the PKI it rotates. "windlass ca policy --mount pki --role clients" puts your mount
# and your role in, --signed-by what a new CA needs that another PKI signs, --move-roles the right to change roles.
# Proven on a real Vault by test/conformance/ca-policy.test.ts: with it everything works, and without any one of its
# rights something does not.

# Survey: what the issuers are, which one is the default, which roles pin one. (Anybody may list issuers, and read
# single certificates: Vault asks for no token there.)
path "{{mount}}/issuer/+" { capabilities = ["read", "patch"] }
path "{{mount}}/roles" { capabilities = ["list"] }
{{if keeps-roles}}path "{{mount}}/roles/+" { capabilities = ["read"] }
{{if moves-roles}}# Roles that name an issuer get to name the new one (pinnedRoles "move").
{{if moves-roles}}path "{{mount}}/roles/+" { capabilities = ["read", "patch"] }

# Who still holds a certificate of the old CA. Without it the gate opens only when all of them must have expired.
path "{{mount}}/certs" { capabilities = ["list"] }

# CRLs: anybody may read them, and this has one made anew before it ends (for fleets with revocation "crl").
path "{{mount}}/crl/rotate" { capabilities = ["read"] }

# The switch, and pinning the default before it.
path "{{mount}}/config/issuers" { capabilities = ["read", "update"] }

# A new CA whose key stays in Vault, and its withdrawal. Nothing of anybody else's can be deleted.
{{if self-signed}}path "{{mount}}/root/rotate/internal" { capabilities = ["update"] }
{{if signed}}path "{{mount}}/issuers/generate/intermediate/internal" { capabilities = ["update"] }
{{if signed}}path "{{mount}}/issuers/generate/intermediate/existing" { capabilities = ["update"] }
{{if signed}}path "{{mount}}/intermediate/set-signed" { capabilities = ["update"] }
{{if signed}}path "{{parent}}/issuer/{{issuer}}/sign-intermediate" { capabilities = ["update"] }
path "{{mount}}/issuer/windlass-*" { capabilities = ["delete"] }
{{if self-signed}}path "{{mount}}/key/windlass-*" { capabilities = ["delete"] }
{{if signed}}path "{{mount}}/key/windlass-*" { capabilities = ["read", "delete"] }

# Leaves for probes, from the default path and by issuer, through the roles that Windlass may use.
path "{{mount}}/issue/{{role}}" { capabilities = ["update"] }
path "{{mount}}/issuer/+/issue/{{role}}" { capabilities = ["update"] }
