# The client CA of the try, at mount `pki` of the Vault that VAULT_ADDR and VAULT_TOKEN name, and a client of it.
# Vault forgets everything when it stops, and the hosts do not: begin anew with `docker compose --profile try down -v`.
set -eu
vault secrets list -format=json | grep -q '"pki/"' || vault secrets enable -max-lease-ttl=8760h pki
if ! vault read pki/cert/ca >/dev/null 2>&1; then
  vault write -field=certificate pki/root/generate/internal \
    common_name='Client CA to try' ttl=8760h key_type=ec key_bits=256 > /try-state/client-ca.pem.part
  mv /try-state/client-ca.pem.part /try-state/client-ca.pem
fi
vault write pki/roles/clients allow_any_name=true enforce_hostnames=false client_flag=true server_flag=false \
  key_type=ec key_bits=256 max_ttl=72h >/dev/null
vault write -format=json pki/issue/clients common_name=try-client ttl=24h > /try-state/client.json
