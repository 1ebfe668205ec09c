#!/bin/sh
# Summaries and vectors under the limits of one key: Gossamer, then the same by hand in asyncio,
# each against a server of its own that enforces the limits.
#   llm.sh GOSSAMER_BENCH [PAGES] [RPM] [TPM]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
bench=$1 pages=${2:-2000} rpm=${3:-3000} tpm=${4:-1000000} port=18090

share() {
  python3 - "$1" "$rpm" "$tpm" <<'PY'
import json, sys, urllib.request
s = json.load(urllib.request.urlopen(f"http://127.0.0.1:{sys.argv[1]}/stats"))
minutes = (s["last"] - s["first"]) / 60
requests, tokens = s["served"] / (int(sys.argv[2]) * minutes), s["tokens"] / (int(sys.argv[3]) * minutes)
print(f'  server: {s["served"]} served, {s["refused"]} turned away, share of the limit '
      f'{100 * max(requests, tokens):.1f} % ({"requests" if requests > tokens else "tokens"}), '
      f'most in a minute {s["most_requests"]} requests and {s["most_tokens"]} tokens')
PY
}

for client in gossamer asyncio; do
  port=$((port + 1))
  python3 "$here/llm_server.py" "$port" "$rpm" "$tpm" & server=$!
  trap 'kill $server 2>/dev/null' EXIT
  until python3 -c "import socket; socket.create_connection(('127.0.0.1', $port))" 2>/dev/null; do sleep 0.1; done
  if [ $client = gossamer ]; then
    "$bench" llm --server "http://127.0.0.1:$port" --pages "$pages" --rpm "$rpm" --tpm "$tpm"
  else
    python3 "$here/llm_asyncio.py" "$port" "$pages"
  fi
  share "$port"
  kill $server
  wait $server 2>/dev/null || true
done
