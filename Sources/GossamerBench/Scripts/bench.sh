#!/bin/sh
# The runs behind the figures in the README: the synthetic web on nginx, crawled by the release
# binary, judged by the server's own log.
#   bench.sh TOOLS WORK GOSSAMER [RUNS]
set -eu
tools=$1
work=$2
gossamer=$3
runs=${4:-3}

if [ ! -x "$tools/generate" ]; then
  echo "note: no synthetic web in $tools: set SHARED to the folder that has bench/ in it" >&2
  exit 0
fi
if ! command -v nginx >/dev/null; then
  echo "error: nginx is missing: apt-get install nginx-light libnginx-mod-http-echo" >&2
  exit 1
fi
mkdir -p "$work"
site() { [ -f "$work/$1/seeds.txt" ] || "$tools/generate" "$work/$1" --scenario "$1"; }

# Raw speed on one host, no delay, 64 connections.
fast="--delay 0 --per-ip-delay 0 --per-host 64 --concurrency 64 --sitemaps no --quiet"
site firehose
"$tools/measure" "$work/firehose" --name gossamer-main --runs "$runs" -- \
  "$gossamer" crawl {seeds} -o {out}/crawl $fast
"$tools/measure" "$work/firehose" --name gossamer-links --runs "$runs" -- \
  "$gossamer" crawl {seeds} -o {out}/crawl $fast --extract none

# Politeness: 500 hosts, delay of the site itself (0.5 s), then a delay of our own.
site many-hosts
"$tools/measure" "$work/many-hosts" --name gossamer-polite --runs 1 -- \
  "$gossamer" crawl {seeds} -o {out}/crawl --delay 0.2 --concurrency 512 --sitemaps no --quiet
