#!/usr/bin/env bash
# The protocol's own conformance suite at both wire versions, and the Inspector over stdio and HTTP in both eras.
source "$(dirname "$0")/lib.sh"
mkdir -p artifacts/ci

step "conformance: tools from npm"
install_node_tools
say "node $("$NODE" --version)"

start_server
conformance=$NODE_DIR/node_modules/@modelcontextprotocol/conformance/dist/index.js
for revision in 2025-11-25 2026-07-28; do
  step "conformance: the server scenarios that $revision requires"
  rm -rf "artifacts/ci/conformance-$revision"
  if timeout 240 "$NODE" "$conformance" server --url "$URL/mcp" --requirements "$revision" --expected-failures ".ci/conformance-baseline-$revision.yml" \
    -o "artifacts/ci/conformance-$revision" >"artifacts/ci/conformance-$revision.txt" 2>&1; then rc=0; else rc=$?; fi
  sed -n '/^=== SUMMARY/,$p' "artifacts/ci/conformance-$revision.txt"
  [ "$rc" = 0 ] || { [ "$rc" != 124 ] || echo "timed out"; fail "conformance at $revision: a scenario failed that is not in the baseline, or one passes that is"; }
done

# The suite's own tools, prompts and resources, served by the same pipeline: what the program itself has no names for.
step "conformance: the suite's fixtures in DtMcp's pipeline"
coproc fixtures { exec "$FIXTURES" http://127.0.0.1:0 2>artifacts/ci/fixtures.err; }
read -r -t 60 fixture_url <&"${fixtures[0]}" || { cat artifacts/ci/fixtures.err; fail "the fixture host did not start"; }
for revision in 2025-11-25 2026-07-28; do
  rm -rf "artifacts/ci/fixtures-$revision"
  if timeout 240 "$NODE" "$conformance" server --url "$fixture_url" --requirements "$revision" --expected-failures ".ci/conformance-fixtures-$revision.yml" \
    -o "artifacts/ci/fixtures-$revision" >"artifacts/ci/fixtures-$revision.txt" 2>&1; then rc=0; else rc=$?; fi
  grep -E '^Total|^✗' "artifacts/ci/fixtures-$revision.txt" || true
  [ "$rc" = 0 ] || { tail -n 20 "artifacts/ci/fixtures-$revision.txt"; fail "the fixtures at $revision: a scenario failed that is not in the baseline, or one passes that is"; }
done
exec {fixtures[1]}>&-
wait "$fixtures_PID" 2>/dev/null || true

inspect() { timeout 60 "$NODE" "$NODE_DIR/node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js" --cli "$@"; }
check() { # check NAME PATTERN ARGUMENTS...
  local name=$1 pattern=$2; shift 2
  inspect "$@" >artifacts/ci/inspector.out 2>artifacts/ci/inspector.err || { cat artifacts/ci/inspector.out artifacts/ci/inspector.err; fail "Inspector: $name"; }
  grep -q "$pattern" artifacts/ci/inspector.out || { head -c 2000 artifacts/ci/inspector.out; fail "Inspector: $name does not show $pattern"; }
  ! grep -q '"isError": *true' artifacts/ci/inspector.out || { head -c 2000 artifacts/ci/inspector.out; fail "Inspector: $name is an error"; }
  say "$name: $(wc -c <artifacts/ci/inspector.out) bytes"
}
tool=summarize_external_traffic
for era in legacy modern; do
  step "Inspector: $era era"
  list=(--protocol-era "$era" --method tools/list)
  call=(--protocol-era "$era" --method tools/call --tool-name "$tool")
  check "tools/list over stdio" "$tool" "$DTMCP" --demo "${list[@]}"
  check "tools/call over stdio" '"text"' "$DTMCP" --demo "${call[@]}" --tool-args-json '{"last":"24h"}'
  check "tools/list over HTTP" "$tool" "$URL/mcp" --transport http "${list[@]}"
  check "tools/call over HTTP" '"text"' "$URL/mcp" --transport http "${call[@]}" --tool-args-json '{"last":"24h"}'
  check "structured answer over HTTP, checked against its schema" '"totals"' "$URL/mcp" --transport http "${call[@]}" --tool-args-json '{"last":"24h","format":"json"}'
  inspect "$URL/mcp" --transport http "${list[@]}" --strict >artifacts/ci/strict.out 2>artifacts/ci/strict.err || { cat artifacts/ci/strict.err; fail "Inspector --strict, $era era"; }
  if grep -vE '^[[:space:]]*$|^npm (warn|notice)' artifacts/ci/strict.err; then fail "Inspector --strict reports the lines above"; fi
  say "--strict reports nothing"
done
stop_server

step "Inspector: mcp.json.example, as a client reads it"
PATH=$(dirname "$(realpath "$DTMCP")"):$PATH check "its demo entry" "$tool" --config mcp.json.example --server darktrace-demo --method tools/list
