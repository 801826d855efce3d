#!/usr/bin/env bash
# The chart view in a real browser: headless Chromium shows the page in a small host of MCP Apps (pictures.mjs), clicks, and compares
# figures; then in a host of others, the web page of the MCP Inspector (inspector-app.mjs).
source "$(dirname "$0")/lib.sh"
mkdir -p artifacts/ci

step "pictures: Chromium from Debian, playwright-core from npm"
if ! command -v chromium >/dev/null; then
  root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }
  root apt-get update -qq
  root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >artifacts/ci/chromium.txt 2>&1 \
    || { tail -n 20 artifacts/ci/chromium.txt; fail "chromium cannot be installed"; }
fi
install_node_tools
start_server
timeout 180 "$NODE" .ci/pictures.mjs "$URL/mcp" artifacts/ci

step "pictures: in the web page of the MCP Inspector"
timeout 180 "$NODE" .ci/inspector-app.mjs "$URL/mcp" artifacts/ci
stop_server
