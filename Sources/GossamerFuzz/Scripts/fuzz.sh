#!/bin/sh
# Runs libFuzzer on one area after the other, for so many seconds each.
#
#   fuzz.sh BUILD CONFORMANCE SECONDS AREA…
#
# Inputs of the conformance suites are the seeds, where they are at hand. What is found stays in
# BUILD/fuzz/AREA and is where the next run begins; an input that breaks a promise is in
# BUILD/fuzz/found-AREA, and is tried again by giving it to the binary alone. An input may take one
# second on a free machine; the limit here leaves room for a busy one, and slower ones are named.
set -u
build=$1 conformance=$2 seconds=$3
shift 3
scripts=$(dirname "$0")
# Symbols and Swift's backtrace make a crash take minutes; the kept input tells more.
export ASAN_OPTIONS=symbolize=0 SWIFT_BACKTRACE=enable=no
result=0
for area in "$@"; do
  corpus=$build/fuzz/$area
  seeds=$build/fuzz/seeds-$area
  mkdir -p "$corpus" "$seeds" "$build/fuzz/found-$area"
  if [ -d "$conformance" ]; then
    python3 "$scripts/seeds.py" "$conformance" "$area" "$seeds"
  fi
  GOSSAMER_FUZZ_AREA=$area "$build/release/gossamer-fuzz" "$corpus" "$seeds" \
    -max_total_time="$seconds" -timeout=10 -report_slow_units=1 -rss_limit_mb=1024 \
    -max_len=16384 -artifact_prefix="$build/fuzz/found-$area/" -print_final_stats=1 \
    >"$build/fuzz/$area.log" 2>&1 </dev/null || result=1
  grep -E "^stat::|^SUMMARY|^Done|Fatal error" "$build/fuzz/$area.log" | sed "s/^/$area: /"
  ls "$build/fuzz/found-$area" | sed "s|^|$area: found $build/fuzz/found-$area/|"
done
exit $result
