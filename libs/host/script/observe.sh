
# ---- observe ----------------------------------------------------------------------------------------------
observe_file() { say "file $(digest "$real") $path"; say "real $real"; check_folder "${real%/*}"; }
observe_files() {
  todo=$paths
  while [ -n "$todo" ]; do
    path=${todo%%"$nl"*}; todo=${todo#*"$nl"}
    real=$(readlink -f "$path") && [ -f "$real" ] || { say "file - $path"; say "real "; continue; }
    observe_file
    [ -n "$first" ] || { first=$real; printf '@live '; b64 < "$real"; say ''; }
  done
}
check_folder() {
  # In a subshell: a redirection that fails ends a POSIX shell where the command is a special builtin.
  if (: > "$1/.windlass-try") 2>/dev/null; then rm -f "$1/.windlass-try"; else say "unwritable $1"; fi
  say "free $(df -Pk "$1" 2>/dev/null | awk 'NR==2 {print $4}')"
}
observe_newer() {
  newest=0
  for pid in $accepting; do at=$(started "$pid") || continue; [ "$at" -gt "$newest" ] && newest=$at; done
  [ "$newest" -gt 0 ] || return 0
  since=$(($(date +%s) - ($(ticks) - newest) / 100 + 1))
  say "$config" | sed -n 's/^# configuration file \(.*\):$/\1/p' | while read -r file; do
    [ "$(stat -c %Y "$file" 2>/dev/null || say 0)" -gt "$since" ] && say "newer $file"
  done
}
observe_trusted() {
  say "$config" | sed -n 's/^[[:space:]]*ssl_trusted_certificate[[:space:]][[:space:]]*["'\'']*\([^"'\'';]*\).*/\1/p' | sort -u | while read -r file; do
    case $file in /*) ;; *) file=${conf_dir:-/etc/nginx}/$file ;; esac
    [ -f "$file" ] && { printf '@trusted %s ' "$file"; b64 < "$file"; say ''; }
  done
}
# A worker may end between the two looks.
say_age() { at=$(started "$pid") && say "$1 $pid $((now - at))"; }
step_observe() {
  say "clock $(date -u +%Y-%m-%dT%H:%M:%SZ)"; first=''
  observe_files
  folder=$root; while [ ! -d "$folder" ]; do folder=${folder%/*}; [ -n "$folder" ] || folder=/; done
  check_folder "$folder"
  read_state
  [ -z "$s_step" ] || state_lines installation rotation epoch term serial step from to
  if armed; then say "armed $(armed_for)"; fi
  command -v "$nginx" >/dev/null 2>&1 || { say 'nginx none'; return 0; }
  conf_dir=$(build_option conf-path); conf_dir=${conf_dir%/*}
  say "nginx $("$nginx" -v 2>&1 | sed 's/.*nginx\///')"
  say "openssl $("$nginx" -V 2>&1 | sed -n 's/^built with //p')"
  read_config
  [ -n "$config" ] || { printf '@configerror '; "$nginx" -t 2>&1 | b64; say ''; }
  printf '@config '; say "$config" | b64; say ''
  if read_master; then
    say "master $master"; read_workers; now=$(ticks)
    for pid in $accepting; do say_age worker; done
    for pid in $draining; do say_age drain; done
    observe_newer
  fi
  observe_trusted
}
