#!/usr/bin/env bash
# Makes every table of speed and memory anew, ratios in one run: `bash tests/DtMcp.Benchmarks/tables.sh [quick|full]`. Markdown on stdout and in
# artifacts/bench/tables.md, progress on stderr. Bodies of 10 and 100 MB (quick: 10 and 30 in few rounds; full: and 1000). What a machine lacks (node, python3,
# curl, g++ with libsimdjson-dev) is left out with a line that says so. Read ratios, not absolutes; let nothing else run beside it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1 MSBUILDDISABLENODEREUSE=1
exec </dev/null

case "${1:-}" in
  '') sizes=(10 100) rounds=8 analysing=9 calling=5 serving=3 ;;
  full) sizes=(10 100 1000) rounds=8 analysing=9 calling=5 serving=3 ;;
  quick) sizes=(10 30) rounds=3 analysing=3 calling=2 serving=1 ;;
  *) echo "usage: tables.sh [quick|full]" >&2; exit 2 ;;
esac

here=tests/DtMcp.Benchmarks
out=artifacts/bench
data=$out/data
program=$PWD/$out/dtmcp/dtmcp
benchmarks=$PWD/artifacts/bin/DtMcp.Benchmarks/release/DtMcp.Benchmarks
typescript=$out/typescript/server.mjs
mkdir -p "$data"
progress() { printf '%s (at %ss)\n' "$*" "$SECONDS" >&2; }
has() { command -v "$1" >/dev/null; }
title() { printf '\n## %s\n\n' "$*"; }

progress "publishing the program, building the benchmarks"
dotnet publish src/DtMcp -c Release -r linux-x64 -o "$out/dtmcp" >"$out/publish.txt" 2>&1 || { cat "$out/publish.txt" >&2; exit 1; }
dotnet build $here -c Release >"$out/build.txt" 2>&1 || { cat "$out/build.txt" >&2; exit 1; }

progress "writing the bodies"
for size in 0 "${sizes[@]}"; do
  body=$data/flows-$size.json
  [ "$body.truth" -nt $here/Reading/FlowsFile.cs ] && [ -s "$body.br" ] && continue
  "$benchmarks" write "$body" "$size"
  "$benchmarks" pack "$body"
done

for size in "${sizes[@]}"; do
  pages=$data/records-$size.ndjson
  [ "$pages.truth" -nt $here/Reading/RecordsFile.cs ] || "$benchmarks" write-records "$pages" "$size"
done

# The rival's packages, from npm, in a folder that is git-ignored; no scripts of packages are run.
if has node && has npm && [ ! -d "$out/typescript/node_modules/@modelcontextprotocol/sdk" ]; then
  progress "installing the TypeScript SDK"
  mkdir -p "$out/typescript"
  cp $here/typescript/package.json "$out/typescript/"
  npm install --prefix "$out/typescript" --no-audit --no-fund --ignore-scripts --no-package-lock --loglevel=error >&2 || progress "the TypeScript SDK cannot be installed here"
fi
[ -d "$out/typescript/node_modules/@modelcontextprotocol/sdk" ] && cp $here/typescript/server.mjs "$typescript" || rm -f "$typescript"

coldstart() {
  if ! has node; then
    echo "node, which takes the time, is not here."
    return
  fi
  printf '| server | start to tools/list ms | at rest MiB |\n|---|---|---|\n'
  TABLE=1 node .ci/coldstart.mjs "DtMcp, with an appliance" 0 "$program" | tee "$out/coldstart.txt"
  TABLE=1 node .ci/coldstart.mjs "DtMcp, with the emulated appliance" 0 "$program" --demo
  if [ -f "$typescript" ]; then
    TABLE=1 node .ci/coldstart.mjs "TypeScript SDK, one tool" 0 node "$typescript" stdio
  else
    echo "| TypeScript SDK | not here | |"
  fi
  awk -F'|' '{ printf "\nTarget: tools/list within 80 ms of the start: %d ms: %s.\n\nTarget: at most 30 MiB at rest: %.1f MiB: %s.\n", $3, $3 <= 80 ? "yes" : "**no**", $4, $4 <= 30 ? "yes" : "**no**" }' "$out/coldstart.txt"
}

tables() {
  printf '# Speed and memory: %s, %s processors, %s\n' "$(date -u +%F)" "$(nproc)" "$(git rev-parse --short HEAD)"
  title "1. Reading and analysing one answer"
  for size in "${sizes[@]}"; do
    progress "1. reading, $size MB"
    "$benchmarks" compare "$data/flows-$size.json" "$rounds"
    echo
  done
  local middle=${sizes[1]}
  title "1b. Reading pages of Advanced Search, which a real appliance gives"
  progress "1b. records"
  "$benchmarks" compare-records "$data/records-$middle.ndjson" "$rounds"
  title "2. Analysing over columns, and rendering"
  progress "2. analysing and rendering"
  "$benchmarks" analyse "$data/flows-$middle.json" "$analysing"
  echo
  "$benchmarks" render "$data/flows-$middle.json" "$analysing"
  title "3. Memory of one whole call"
  progress "3. memory"
  "$benchmarks" memory "$program" 3 $(printf "$data/flows-%s.json " "${sizes[@]}")
  title "4. End to end"
  for size in "${sizes[@]}"; do
    progress "4. end to end, $size MB"
    "$benchmarks" endtoend "$program" "$calling" "$data/flows-$size.json" "$data/flows-0.json"
    echo
  done
  title "5. Cold start"
  progress "5. cold start"
  coldstart
  title "6. Calls a second over Streamable HTTP"
  progress "6. calls a second"
  "$benchmarks" calls "$program" "$typescript" "$serving"
}

tables | tee "$out/tables.md"
progress "all tables are in $out/tables.md"
