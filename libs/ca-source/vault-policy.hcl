# The least that Windlass needs on the PKI it rotates; replace "pki" by the path of your mount.
# Proven by test/conformance/ca-source.vault.test.ts: a whole rotation passes with a token of this policy alone.

# Survey: which issuers there are, which one is the default, which roles pin one.
path "pki/issuers" { capabilities = ["list"] }
path "pki/issuer/+" { capabilities = ["read", "patch"] }
path "pki/roles" { capabilities = ["list"] }
path "pki/roles/+" { capabilities = ["read"] }

# Who still holds a certificate of the old CA. Without it the gate opens only when all of them must have expired.
path "pki/certs" { capabilities = ["list"] }
path "pki/cert/+" { capabilities = ["read"] }

# The switch, and pinning the default before it.
path "pki/config/issuers" { capabilities = ["read", "update"] }

# A new root whose key stays in Vault, and its withdrawal. Nothing of anybody else's can be deleted.
path "pki/root/rotate/internal" { capabilities = ["update"] }
path "pki/issuer/windlass-*" { capabilities = ["read", "patch", "delete"] }
path "pki/key/windlass-*" { capabilities = ["delete"] }

# Leaves for probes, from the default path and by issuer; name the one role that Windlass may use.
path "pki/issue/clients" { capabilities = ["update"] }
path "pki/issuer/+/issue/clients" { capabilities = ["update"] }
