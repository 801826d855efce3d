#!/usr/bin/env bash
# The blocks of docs/clients given to the clients themselves: Claude Code, Codex and Gemini CLI from npm (900 MB) read them and say what they
# see; no model is asked. Needs the published program (`dotnet publish src/DtMcp -c Release -r linux-x64 -o artifacts/dtmcp`).
source "$(dirname "$0")/../lib.sh"
mkdir -p artifacts/ci
tools=artifacts/node-clients
[ -d $tools/node_modules/@google/gemini-cli ] || npm install --prefix $tools --no-save --no-audit --no-fund --ignore-scripts --loglevel=error \
  @anthropic-ai/claude-code@2.1.328 @openai/codex@0.169.0 @google/gemini-cli@0.61.0
# what its postinstall would do: links the native program
node $tools/node_modules/@anthropic-ai/claude-code/install.cjs >/dev/null
bin=$PWD/$tools/node_modules/.bin
[ -x "$NODE" ] || install_node_tools
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
path=$(dirname "$(realpath "$NODE")"):$(dirname "$(realpath "$DTMCP")"):$bin:/usr/bin:/bin
alone() { env -i HOME="$home" PATH="$path" CI=1 DISABLE_AUTOUPDATER=1 "$@" </dev/null; }

# block SECTION LANGUAGE: the block as the page has it
block() { awk -v heading="## $1" -v fence="\`\`\`$2" '$0 == heading { here = 1 } here && $0 == fence { on = 1; next } on && $0 == "```" { exit } on' docs/clients/README.md; }
mkdir -p "$home/project" "$home/.codex" "$home/.gemini"
block "Claude Code" json >"$home/project/.mcp.json"
block "Codex" toml >"$home/.codex/config.toml"
block "Gemini CLI" json >"$home/.gemini/settings.json"
printf '{"%s":"TRUST_FOLDER"}' "$home/project" >"$home/.gemini/trustedFolders.json"
cd "$home/project"

step "Claude Code"
alone timeout 120 claude mcp add-json darktrace-user "$(node -e 'console.log(JSON.stringify(JSON.parse(require("fs").readFileSync(".mcp.json")).mcpServers.darktrace))')" --scope user
alone timeout 120 claude mcp list 2>&1 | tee claude.txt
grep -q 'darktrace-user: dtmcp.*Connected' claude.txt || fail "Claude Code does not connect"

step "Codex"
alone timeout 120 codex mcp list 2>&1 | tee codex.txt
grep -q 'darktrace.*enabled' codex.txt || fail "Codex does not read the block"

step "Gemini CLI"
alone timeout 120 gemini mcp list 2>&1 | tee gemini.txt
grep -q 'darktrace.*Connected' gemini.txt || fail "Gemini CLI does not connect"
