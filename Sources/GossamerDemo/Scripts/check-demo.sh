#!/bin/sh
# Checks that the output of `gossamer demo` is what the README promises.
#   check-demo.sh DIR
# Says one line for each promise that is broken; exit code 1 if there is one, 2 for wrong use.
set -u

[ $# -eq 1 ] && [ -d "$1" ] || {
  echo "check-demo: error: no output directory: run 'make demo', then give its directory" >&2
  exit 2
}
dir=$1
least_pages=150
broken=0
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT

fail() {
  echo "check-demo: $*" >&2
  broken=$((broken + 1))
}

# The number of lines on standard input, without blanks around it.
count() { wc -l | tr -d ' '; }

# Lines of a JSON Lines file that begin with a URL, cut down to it. Every record begins so.
urls() { cat "$@" | grep -o '^{"url":"[^"]*"' | cut -d'"' -f4; }

for file in crawl.db manifest.json skipped.jsonl summaries.jsonl report.html; do
  [ -s "$dir/$file" ] || fail "$file is missing or empty"
done
ls "$dir"/pages/part-*.jsonl >/dev/null 2>&1 || fail "pages/ holds no part-*.jsonl"
ls "$dir"/warc/*.warc.gz >/dev/null 2>&1 || fail "warc/ holds no *.warc.gz"
[ "$broken" -eq 0 ] || exit 1

# Page records: enough, each URL once, nothing that was off limits, a summary or a reason on each.
cat "$dir"/pages/part-*.jsonl >"$work/pages"
urls "$work/pages" >"$work/urls"
records=$(count <"$work/pages")
[ "$records" -ge "$least_pages" ] || fail "$records page records, at least $least_pages expected"
[ "$(count <"$work/urls")" -eq "$records" ] || fail "a page record does not begin with its URL"
twice=$(sort "$work/urls" | uniq -d | head -n 1)
[ -z "$twice" ] || fail "recorded more than once: $twice"
private=$(grep '/private/' "$work/urls" | head -n 1)
[ -z "$private" ] || fail "off limits but recorded: $private"
bare=$(grep -v -e '"summary":{"text":"[^"]' -e '"summary_error":{"kind":"[^"]' "$work/pages" | count)
[ "$bare" -eq 0 ] || fail "$bare page records have neither a summary nor a reason for its absence"
hosts=$(grep -o '"host":"[^"]*"' "$work/pages" | sort -u | count)
[ "$hosts" -ge 6 ] || fail "$hosts hosts, at least 6 expected"

# What was left out, and why.
for kind in policy.robots duplicate redirect; do
  grep -q "\"kind\":\"$kind\"" "$dir/skipped.jsonl" || fail "skipped.jsonl names no $kind"
done
grep '"kind":"http.status"' "$dir/skipped.jsonl" | grep -q '"status":404' ||
  fail "skipped.jsonl names no http.status 404"
unexplained=$(grep -v '"kind":"[^"]' "$dir/skipped.jsonl" | count)
[ "$unexplained" -eq 0 ] || fail "$unexplained lines of skipped.jsonl give no reason"

# The manifest agrees with the files.
grep -Eq '"state" *: *"finished"' "$dir/manifest.json" || fail "the manifest says no finished crawl"
told=$(sed -n 's/.*"pages" *: *\([0-9][0-9]*\).*/\1/p' "$dir/manifest.json" | head -n 1)
[ "${told:-none}" = "$records" ] ||
  fail "the manifest counts ${told:-no} pages, the page files hold $records"

# The report needs nothing from elsewhere: links may lead out, but nothing is loaded.
grep -Eiq '<(script|iframe|object|embed|base)[ >]|<link[ >]|@import|url\(' "$dir/report.html" &&
  fail "report.html has a part that loads something"
grep -Eiq '[ "]src(set)?=' "$dir/report.html" && fail "report.html has a src attribute"
grep -q '<svg' "$dir/report.html" || fail "report.html has no plot"
grep -q '</html>' "$dir/report.html" || fail "report.html is cut short"

# The archive: whole gzip members, a warcinfo first, a response for every page.
for file in "$dir"/warc/*.warc.gz; do
  gzip -t "$file" 2>/dev/null || fail "$file is no whole gzip file"
  gzip -dc "$file" 2>/dev/null | head -n 2 | grep -aq '^WARC-Type: warcinfo' ||
    fail "$file does not begin with a warcinfo record"
done
responses=$(cat "$dir"/warc/*.warc.gz | gzip -dc 2>/dev/null | grep -ac '^WARC-Type: response')
[ "$responses" -ge "$records" ] || fail "$responses archived responses for $records pages"

# Every line is JSON, where there is something that can tell.
if command -v python3 >/dev/null 2>&1; then
  cat "$work/pages" "$dir/skipped.jsonl" "$dir/summaries.jsonl" | python3 -c '
import json, sys
for number, line in enumerate(sys.stdin.buffer, 1):
    try:
        json.loads(line)
    except ValueError as error:
        sys.exit("line %d: %s" % (number, error))
' 2>"$work/json" || fail "a record is no JSON ($(head -n 1 "$work/json"))"
fi

[ "$broken" -eq 0 ] || exit 1
echo "demo: $records pages of $hosts hosts, each once, with summaries, reasons, archive and report"
