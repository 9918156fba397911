
# ---- clients ----------------------------------------------------------------------------------------------
# Who came with which client certificate, by the access log `log`: `columns` are the numbers of its tab-separated
# columns time, verify, serial, issuer, subject. awk counts, so that no more is told than there are clients, 5,000 of
# them by name. The sums stay in `home`, with the place up to where the log was read: the next look reads on from
# there, over one rotation of the log as well, and forgets who has not come for 400 days. Where that place is gone, it
# begins anew with the log and the one before it, and says since when it knows.
step_clients() {
  case $columns in ''|*[!0-9\ ]*) fail host.script-failed "not columns: $columns" ;; esac
  [ -f "$log" ] && [ -r "$log" ] || fail host.log-missing "$log"
  mkdir -p "$home" 2>/dev/null
  known=$home/clients fresh=$home/clients.$$
  # In a shell of its own: where a redirection of a special builtin fails, the shell ends.
  (: > "$fresh") 2>/dev/null || fresh=/dev/null
  recall_log; size=$(size_of "$log"); kept=$known before='' of_before=0 from_before=0 skip=0
  if at_place "$log"; then
    skip=$offset
  elif at_place "$log.1"; then
    before=$log.1 from_before=$offset
  else
    kept=''
    [ ! -f "$log.1" ] || [ ! -r "$log.1" ] || before=$log.1
  fi
  [ -z "$before" ] || of_before=$(($(size_of "$before") - from_before))
  bytes=$((size - skip + of_before)) whole=1
  # A gap in what was read is no record of who came.
  [ "$bytes" -le "$most" ] || leave_out $((bytes - most))
  {
    [ -z "$before" ] || tail -c "+$((from_before + 1))" -- "$before"
    tail -c "+$((skip + 1))" -- "$log"
  } 2>/dev/null | head -c "$bytes" | count_clients
  counted=$?
  [ "$fresh" = /dev/null ] || keep_clients
  # Another look was faster, and its sums are another beginning.
  [ "$counted" != 3 ] || step_clients
}
leave_out() {
  whole=0 kept='' bytes=$most
  if [ "$1" -lt "$of_before" ]; then from_before=$((from_before + $1))
  else before='' skip=$((skip + $1 - of_before)); fi
}
# What a full disk cut off is no record.
keep_clients() {
  [ "$(tail -n 1 -- "$fresh" 2>/dev/null)" = end ] && mv -f "$fresh" "$known" 2>/dev/null || rm -f "$fresh"
}
size_of() { stat -L -c %s -- "$1" 2>/dev/null || say 0; }
recall_log() {
  inode='' offset=0 ending=''
  { read -r inode offset && IFS= read -r said && IFS= read -r ending; } 2>/dev/null < "$known" &&
    [ "$said" = "$columns $log" ] || inode=''
}
# at_place FILE: it is the one that was read, and still holds what was read last. (copytruncate keeps the inode.)
at_place() {
  [ -n "$inode" ] && [ "$(stat -L -c %i -- "$1" 2>/dev/null)" = "$inode" ] || return 1
  [ "$(size_of "$1")" -ge "$offset" ] || return 1
  [ "$offset" = 0 ] || [ "$(tail -c "+$((offset - ${#ending}))" -- "$1" | head -n 1)" = "$ending" ]
}
# A line that nginx has not written to its end is left for the next look.
count_clients() {
  log=$log ending=$ending awk -F '\t' -v columns="$columns" -v whole="$whole" -v kept="$kept" \
    -v fresh="$fresh" -v size="$size" -v place="$inode $offset" -v bytes="$bytes" -v inode="$(stat -L -c %i -- "$log")" '
    function count(line) {
      if (whole == 0 && ended++ == 0) return
      ending = line; $0 = line
      if ($c[1] !~ /^[0-9]+[.][0-9]+$/) return
      if (first == "") first = $c[1]
      latest = $c[1]
      if ($c[2] == "SUCCESS") add($c[3] "\t" $c[4] "\t" $c[5], 1, latest)
    }
    function add(key, requests, at) {
      if (!(key in number)) known++
      number[key] += requests; last[key] = at
    }
    function recall(line,    part) {
      if (line ~ /^first /) first = substr(line, 7)
      if (line ~ /^latest /) latest = substr(line, 8)
      if (line !~ /^client /) return
      split(substr(line, 8), part, "\t")
      add(part[3] "\t" part[4] "\t" part[5], part[2], part[1])
    }
    BEGIN {
      split(columns, c, " "); ending = ENVIRON["ending"]
      if (kept != "") {
        if ((getline line < kept) <= 0 || line != place) exit overtaken = 3
        while ((getline line < kept) > 0) recall(line)
      }
    }
    { line = $0; read += length(line) + 1 }
    NR > 1 { count(before) }
    { before = line }
    END {
      if (overtaken) exit overtaken
      cut = read > bytes ? length(before) : 0
      if (NR > 0 && cut == 0) count(before)
      oldest = latest - 34560000
      if (first + 0 < oldest) first = sprintf("%.3f", oldest)
      printf "%s %.0f\n", inode, size - cut > fresh
      print columns " " ENVIRON["log"] > fresh
      print ending > fresh
      if (first != "") print "first " first
      if (latest != "") print "latest " latest
      for (key in number) {
        if (last[key] + 0 < oldest) { delete number[key]; known--; continue }
        if (told++ < 5000) print "client " last[key] "\t" number[key] "\t" key
      }
      print "known " known + 0
      # Behind the answer, which a full disk does not touch.
      fflush()
      if (first != "") print "first " first > fresh
      if (latest != "") print "latest " latest > fresh
      for (key in number) print "client " last[key] "\t" number[key] "\t" key > fresh
      print "end" > fresh
    }'
}
