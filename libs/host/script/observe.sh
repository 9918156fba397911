
# ---- observe ----------------------------------------------------------------------------------------------
observe_files() {
  todo=$paths first=''
  while [ -n "$todo" ]; do
    path=${todo%%"$nl"*} todo=${todo#*"$nl"}
    read_real && [ -f "$real" ] || { say "file - $path"; say "real "; continue; }
    read_sum "$real"
    say "file $sum $path"; say "real $real"; check_folder "${real%/*}"
    [ -n "$first" ] || { first=$real; printf '@live '; b64 < "$real"; say ''; }
  done
}
check_folder() {
  # In a subshell: a redirection that fails ends a POSIX shell where the command is a special builtin.
  if (: > "$1/.windlass-try") 2>/dev/null; then rm -f "$1/.windlass-try"; else say "unwritable $1"; fi
  df -Pk "$1" 2>/dev/null | sed -n '2s/^.* \([0-9][0-9]*\)  *[0-9]*%.*$/free \1/p'
}
observe_newer() {
  newest=0
  for pid in $accepting; do read_started "$pid" && [ "$at" -gt "$newest" ] && newest=$at; done
  [ "$newest" -gt 0 ] || return 0
  read_ticks
  since=$(($(date +%s) - (now - newest) / 100 + 1))
  say "$config" | sed -n 's/^# configuration file \(.*\):$/\1/p' | while read -r file; do
    [ "$(stat -c %Y "$file" 2>/dev/null || say 0)" -gt "$since" ] && say "newer $file"
  done
}
# What decides beside the bundle: the files of ssl_trusted_certificate and ssl_crl, wherever on a line they stand.
observe_trusted() {
  say "$config" | tr ';{}' '\n\n\n' | sed -n 's/^[[:space:]]*ssl_trusted_certificate[[:space:]][[:space:]]*["'\'']*\([^"'\'']*[^"'\''[:space:]]\).*/\1/p
    s/^[[:space:]]*ssl_crl[[:space:]][[:space:]]*["'\'']*\([^"'\'']*[^"'\''[:space:]]\).*/\1/p' | sort -u | while read -r file; do
    case $file in /*) ;; *) file=$conf_dir/$file ;; esac
    [ -f "$file" ] && { printf '@trusted %s ' "$file"; b64 < "$file"; say ''; }
  done
}
# A worker may end between the two looks.
say_age() { read_started "$pid" && say "$1 $pid $((now - at))"; }
observe_nginx() {
  read_build
  say "nginx $(say "$build" | sed -n 's/^nginx version: [^/]*\///p')"
  say "openssl $(say "$build" | sed -n 's/^built with //p')"
  config=$(run_nginx -T 2>/dev/null) || config=''
  [ -n "$config" ] || { printf '@configerror '; run_nginx -t 2>&1 | b64; say ''; }
  printf '@config '; say "$config" | b64; say ''
  read_places "$(say "$config" | sed -n "$places")$nl"
  if read_master; then
    say "master $master"; read_workers; read_ticks
    for pid in $accepting; do say_age worker; done
    for pid in $draining; do say_age drain; done
    observe_newer
  fi
  observe_trusted
}
step_observe() {
  say "clock $(date -u +%Y-%m-%dT%H:%M:%SZ)"
  observe_files
  folder=$root; while [ ! -d "$folder" ]; do folder=${folder%/*}; [ -n "$folder" ] || folder=/; done
  check_folder "$folder"
  read_state
  [ -z "$s_step" ] || { state_lines installation rotation epoch term serial step from to; printf %s "$lines"; }
  say_armed
  command -v "$nginx" >/dev/null 2>&1 || { say 'nginx none'; return 0; }
  observe_nginx
}
