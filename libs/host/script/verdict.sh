
# ---- verdicts ---------------------------------------------------------------------------------------------
# These steps only ask: no lock, no token, and nothing is left behind.
# `folder`: one that nobody else may look into, and that goes with the step.
in_folder() {
  umask 077
  folder=$(mktemp -d "${TMPDIR:-/tmp}/windlass.XXXXXX") || fail host.disk-full "no temporary folder can be made"
  trap 'rm -rf "$folder"' EXIT
}
bind_bundle() { binds=$binds$folder/bundle$nl$real$nl; }
# Tests the host's real configuration with `body` in the place of every managed file, as nobody else sees it.
step_try() {
  find_nginx; in_folder
  put "$body" "$folder/bundle"
  binds=''; each_path bind_bundle
  out=$(with_words "$nginx_words" unshare -m --propagation private sh -c "$bound" sh "$nginx" -t -q 2>&1 <<BINDS
$binds
BINDS
  ) || fail host.config-test-failed "$out"
}

find_openssl() { command -v openssl >/dev/null 2>&1 || fail host.no-openssl 'no openssl command'; }
# takes_key KIND...: whether TLS takes a certificate with such a key, with this machine's openssl.cnf. The socket
# is not there: a key that is too weak is turned down before anybody connects.
takes_key() {
  openssl req -x509 -nodes -sha256 -days 1 -subj /CN=windlass -keyout "$folder/key" -out "$folder/cert" \
    -newkey "$@" >/dev/null 2>&1 || return 1
  out=$(openssl s_client -unix "$folder/nobody" -cert "$folder/cert" -key "$folder/key" 2>&1 </dev/null)
  case $out in *'key too small'*) return 1 ;; *) return 0 ;; esac
}
# By the weakest key that is taken (SSL_CTX_set_security_level); nothing said where none is.
step_openssl() {
  find_openssl; in_folder
  say "openssl $(openssl version 2>/dev/null)"
  if takes_key rsa:1024; then if takes_key rsa:512; then say 'level 0'; else say 'level 1'; fi
  elif takes_key ec -pkeyopt ec_paramgen_curve:secp224r1; then say 'level 2'
  elif takes_key ec -pkeyopt ec_paramgen_curve:prime256v1; then say 'level 3'
  elif takes_key ec -pkeyopt ec_paramgen_curve:secp384r1; then say 'level 4'
  elif takes_key ec -pkeyopt ec_paramgen_curve:secp521r1; then say 'level 5'
  fi
}

# The body has three lines in base64: what nginx loads, what the client sends beside, its certificate. The answer
# says `exit` and what openssl printed.
step_verify() {
  find_openssl; in_folder
  put "$body" "$folder/all"
  number=1
  for name in store sent leaf; do
    sed -n "${number}p" "$folder/all" | base64 -d > "$folder/$name.pem" || fail host.disk-full "$folder/$name.pem"
    number=$((number + 1))
  done
  set -- -no-CApath -no-CAstore -purpose sslclient -nameopt RFC2253 -auth_level "$level" -verify_depth "$depth"
  [ "$crls" = 0 ] || set -- "$@" -crl_check -crl_check_all
  [ ! -s "$folder/sent.pem" ] || set -- "$@" -untrusted sent.pem
  (cd "$folder" && exec openssl verify -CAfile store.pem "$@" leaf.pem) > "$folder/out" 2> "$folder/err" </dev/null
  say "exit $?"
  printf '@out '; b64 < "$folder/out"; say ''
  printf '@err '; b64 < "$folder/err"; say ''
}
