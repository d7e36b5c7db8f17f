#!/usr/bin/env bash
# Tests the compiled server on the Node.js versions in the arguments (default: 22 24), whichever version runs npm:
# the fast unit tests, then `dist/server.js` and one scan. The Node.js binaries come from npm.
set -euo pipefail
cd "$(dirname "$0")/.."

versions=("$@")
[ ${#versions[@]} -gt 0 ] || versions=(22 24)

case "$(uname -s)-$(uname -m)" in
  Linux-x86_64) platform=linux-x64 ;;
  Linux-aarch64) platform=linux-arm64 ;;
  Darwin-arm64) platform=darwin-arm64 ;;
  *)
    echo "There are no Node.js binaries for $(uname -s) $(uname -m) in npm." >&2
    exit 1
    ;;
esac

server=
stop_server() {
  [ -z "$server" ] || kill "$server" 2>/dev/null || true
  [ -z "$server" ] || wait "$server" 2>/dev/null || true
  server=
}
trap stop_server EXIT

# Starts the server on a free port and counts the items of the sample table.
scan_once() {
  local node=$1 log=$2 port
  port=$("$node" -e 'const s = require("net").createServer().listen(0, () => { console.log(s.address().port); s.close(); })')
  PORT=$port "$node" --expose-gc dist/server.js > "$log" 2>&1 &
  server=$!
  if ! curl --silent --fail --max-time 60 --retry 60 --retry-connrefused --retry-delay 1 \
    -X POST "http://localhost:$port/scanRecords" | jq --exit-status '.Count == 1707' > /dev/null; then
    echo "The scan failed. Output of the server:" >&2
    cat "$log" >&2
    return 1
  fi
  stop_server
}

node scripts/build-if-stale.mjs

for version in "${versions[@]}"; do
  folder=.cache/node-$version
  node=$PWD/$folder/node_modules/node-$platform/bin/node
  if [ ! -x "$node" ]; then
    mkdir -p "$folder"
    npm install --prefix "$folder" --no-save --no-package-lock --no-audit --no-fund --ignore-scripts "node-$platform@$version"
  fi
  echo "Node.js $("$node" --version): unit tests"
  "$node" node_modules/jest/bin/jest.js --maxWorkers=2 \
    test/scan/request test/scan/formats packages/cors-policy packages/command-line
  echo "Node.js $("$node" --version): one scan"
  scan_once "$node" "$folder/server.log"
done
