#!/usr/bin/env bash
# Fuzzing that looks at what the code does with an input: SharpFuzz and AFL++ (Debian's afl++), each target for so many minutes at low priority.
#   bash .ci/long/fuzz.sh [MINUTES [TARGET ...]]       (20 minutes each: messages network search zeek cursors arguments configuration jwt)
# AT_ONCE of them side by side (as many as there are processors).
# Findings are kept in artifacts/fuzz/TARGET/out/default; `DtMcp.Fuzzing one TARGET FILE` tries one again. CI runs the blind form (.ci/run).
source "$(dirname "$0")/../lib.sh"
minutes=${1:-20}
shift || true
targets=${*:-messages network search zeek cursors arguments configuration jwt}
root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }
command -v afl-fuzz >/dev/null || { root apt-get update -qq; root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends afl++ >/dev/null; }
tools=artifacts/fuzz/tools
[ -x $tools/sharpfuzz ] || dotnet tool install SharpFuzz.CommandLine --version 2.3.0 --tool-path $tools >/dev/null
program=artifacts/fuzz/program
rm -rf $program
dotnet build tests/DtMcp.Fuzzing -c Release -v q
cp -r artifacts/bin/DtMcp.Fuzzing/release $program
for library in DtMcp.Darktrace DtMcp.Traffic DtMcp.Simulator dtmcp Microsoft.IdentityModel.JsonWebTokens; do
  $tools/sharpfuzz "$program/$library.dll"
done

# No file of the kernel is changed for it; what is lost is a little speed.
export AFL_SKIP_BIN_CHECK=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 AFL_SKIP_CPUFREQ=1 AFL_NO_UI=1 AFL_NO_AFFINITY=1 DOTNET_GCHeapHardLimit=0x30000000
export DOTNET_TieredPGO=0
fuzz() {
  local target=$1 out=artifacts/fuzz/$1/out crashes
  rm -rf "$out"
  mkdir -p "$out"
  nice -n 19 timeout $((minutes * 60 + 120)) afl-fuzz -V $((minutes * 60)) -i "tests/DtMcp.Fuzzing/seeds/$target" -o "$out" -t 20000 -m none \
    -- dotnet "$program/DtMcp.Fuzzing.dll" afl "$target" >"artifacts/fuzz/$target/log.txt" 2>&1 || { tail -n 20 "artifacts/fuzz/$target/log.txt"; return 1; }
  of() { sed -n "s/^$1 *: //p" "$out/default/fuzzer_stats"; }
  crashes=$(find "$out/default/crashes" "$out/default/hangs" -name 'id*' 2>/dev/null | wc -l)
  printf '  %s: %s inputs in %s s, %s kept for what they reach, %s crashes or hangs\n' "$target" "$(of execs_done)" "$(of run_time)" "$(of corpus_count)" "$crashes"
  [ "$crashes" = 0 ]
}

failed=0 running=0
for target in $targets; do
  if [ "$running" -ge "${AT_ONCE:-$(nproc)}" ]; then
    wait -n || failed=1
    running=$((running - 1))
  fi
  fuzz "$target" &
  running=$((running + 1))
done
for ((; running > 0; running--)); do wait -n || failed=1; done
[ "$failed" = 0 ] || fail "there are findings, or it did not run"
