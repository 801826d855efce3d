#!/usr/bin/env bash
# The tests that go by chance, with all their rounds: the suite does the first of each.
#   bash .ci/long/rounds.sh        (some minutes)
source "$(dirname "$0")/../lib.sh"
classes=()
for class in $(grep -l 'Rounds\.Of(' -r tests/DtMcp.Tests --include='*.cs' | grep -v Support/ | xargs sed -n 's/^public.* class \([A-Za-z_0-9]*\).*/\1/p'); do
  classes+=(-class "*.$class")
done
dotnet build tests/DtMcp.Tests -v q
DTMCP_TESTED_LONG=1 artifacts/bin/DtMcp.Tests/debug/DtMcp.Tests "${classes[@]}" | tail -n 5
