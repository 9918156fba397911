# The least that Windlass needs on the PKI it rotates. "windlass ca policy --mount pki --role clients" puts your mount
# and your role in. Proven on a real Vault by test/conformance/ca-policy.test.ts: with it everything works, and
# without any one of its rights something does not.

# Survey: what the issuers are, which one is the default, which roles pin one. (Anybody may list issuers, and read
# single certificates: Vault asks for no token there.)
path "{{mount}}/issuer/+" { capabilities = ["read", "patch"] }
path "{{mount}}/roles" { capabilities = ["list"] }
path "{{mount}}/roles/+" { capabilities = ["read"] }

# Who still holds a certificate of the old CA. Without it the gate opens only when all of them must have expired.
path "{{mount}}/certs" { capabilities = ["list"] }

# CRLs: anybody may read them, and this has one made anew before it ends (for fleets with revocation "crl").
path "{{mount}}/crl/rotate" { capabilities = ["read"] }

# The switch, and pinning the default before it.
path "{{mount}}/config/issuers" { capabilities = ["read", "update"] }

# A new root whose key stays in Vault, and its withdrawal. Nothing of anybody else's can be deleted.
path "{{mount}}/root/rotate/internal" { capabilities = ["update"] }
path "{{mount}}/issuer/windlass-*" { capabilities = ["delete"] }
path "{{mount}}/key/windlass-*" { capabilities = ["delete"] }

# Leaves for probes, from the default path and by issuer, through the roles that Windlass may use.
path "{{mount}}/issue/{{role}}" { capabilities = ["update"] }
path "{{mount}}/issuer/+/issue/{{role}}" { capabilities = ["update"] }
