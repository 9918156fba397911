
# ---- clients ----------------------------------------------------------------------------------------------
# Who came with which client certificate, by the end of the access log `log` and of the one before it: `columns` are
# the numbers of its tab-separated columns time, verify, serial, issuer, subject. awk counts, so that no more is told
# than there are clients, the last 5,000 of them to come by name.
step_clients() {
  case $columns in ''|*[!0-9\ ]*) fail host.script-failed "not columns: $columns" ;; esac
  [ -f "$log" ] && [ -r "$log" ] || fail host.log-missing "$log"
  before=''; [ ! -r "$log.1" ] || before=$log.1
  bytes=0
  for file in "$before" "$log"; do
    [ -z "$file" ] || bytes=$((bytes + $(stat -c %s -- "$file" 2>/dev/null || say 0)))
  done
  whole=1; [ "$bytes" -le "$most" ] || whole=0
  { [ -z "$before" ] || cat -- "$before"; cat -- "$log"; } 2>/dev/null | tail -c "$most" |
    awk -F '\t' -v columns="$columns" -v whole="$whole" '
      BEGIN { split(columns, c, " ") }
      NR == 1 && whole == 0 { next }
      {
        at = $c[1]
        if (at !~ /^[0-9]+[.][0-9]+$/) next
        if (first == "") first = at
        latest = at
        if ($c[2] != "SUCCESS") next
        key = $c[3] "\t" $c[4] "\t" $c[5]
        if (!(key in number)) known++
        number[key]++; last[key] = at
      }
      END {
        if (first != "") print "first " first
        if (latest != "") print "latest " latest
        for (key in number) if (told++ < 5000) print "client " last[key] "\t" number[key] "\t" key
        print "known " known + 0
      }'
}
