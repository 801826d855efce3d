#!/usr/bin/env bash
# The published program end to end: a stdio session whose input closes, then HTTP. Nothing but the program, curl and node.
source "$(dirname "$0")/lib.sh"
mkdir -p artifacts/ci

step "smoke: the command line"
"$DTMCP" tools >artifacts/ci/tools.txt 2>artifacts/ci/tools.err || { cat artifacts/ci/tools.err; fail "dtmcp tools"; }
grep -q summarize_external_traffic artifacts/ci/tools.txt || fail "dtmcp tools does not name summarize_external_traffic"
say "tools: $(wc -l <artifacts/ci/tools.txt) lines"
"$DTMCP" call summarize_external_traffic --demo >artifacts/ci/call.txt 2>artifacts/ci/call.err || { cat artifacts/ci/call.err; fail "dtmcp call"; }
head -n 12 artifacts/ci/call.txt
[ -s artifacts/ci/call.txt ] || fail "dtmcp call printed nothing"
if "$DTMCP" call summarize_external_trafic --demo >artifacts/ci/wrong.out 2>artifacts/ci/wrong.err; then fail "an unknown tool was not refused"; fi
[ ! -s artifacts/ci/wrong.out ] || fail "a refusal belongs on stderr"
say "call answers; an unknown tool is refused: $(head -n 1 artifacts/ci/wrong.err)"

step "smoke: stdio, input closed after the last request"
session | timeout 60 "$DTMCP" --demo >artifacts/ci/stdio.out 2>artifacts/ci/stdio.err || { cat artifacts/ci/stdio.err; fail "the stdio server did not end well with its input"; }
check_session artifacts/ci/stdio.out

step "smoke: HTTP"
start_server
say "$(curl -fsS -m 5 -o /dev/null -w '%{http_code}' "$URL/healthz") from /healthz, $(curl -sS -m 5 -o /dev/null -w '%{http_code}' "$URL/readyz") from /readyz"

post() { # post BODY [curl options]: status on the last line
  local body=$1; shift
  curl -sS -m 30 -w '\n%{http_code}\n' -H 'Content-Type: application/json' -H 'Accept: application/json, text/event-stream' -H 'MCP-Protocol-Version: 2025-11-25' "$@" -d "$body" "$URL/mcp"
}
call='{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"summarize_external_traffic","arguments":{"last":"24h"}}}'
post "$call" >artifacts/ci/http.out
[ "$(tail -n 1 artifacts/ci/http.out)" = 200 ] || { cat artifacts/ci/http.out; fail "tools/call over HTTP"; }
grep -q '"id":7' artifacts/ci/http.out && ! grep -q '"isError":true' artifacts/ci/http.out || { cat artifacts/ci/http.out; fail "tools/call over HTTP has no good answer"; }
say "tools/call over HTTP: 200"
status=$(post "$call" -H 'Origin: https://evil.example' | tail -n 1)
[ "$status" = 403 ] || fail "a foreign Origin got $status, not 403"
say "a foreign Origin: 403"
status=$(post "$call" -H 'Host: evil.example' | tail -n 1)
[[ $status = 4?? ]] || fail "a foreign Host got $status, not 4xx"
say "a foreign Host: $status"
stop_server
if timeout 20 "$DTMCP" serve --demo --urls http://0.0.0.0:"$(free_port)" </dev/null >artifacts/ci/open.out 2>artifacts/ci/open.err; then fail "listened beyond loopback without a bearer token"; else rc=$?; fi
[ "$rc" -ne 124 ] || fail "listened beyond loopback without a bearer token"
say "refuses to listen beyond loopback without a bearer token: $(grep -m 1 . artifacts/ci/open.err | cut -c1-160)"
