#!/usr/bin/env bash
# Many connections through `dtmcp export`, counted and summed by DuckDB: `bash .ci/long/export.sh [CONNECTIONS] [DAYS] [MOST_KIB]`.
# Takes the published program (DTMCP). Fails where a figure differs, or where the export takes more memory than MOST_KIB (100 MiB).
# It is ended at random on the way, and called again, as often as TIMES says (3).
source "$(dirname "$0")/../lib.sh"
connections=${1:-10000000} days=${2:-10} most=${3:-102400} times=${TIMES:-3}
work=$(mktemp -d)
cleanup() {
  stop_office
  rm -rf "$work"
}
trap cleanup EXIT
bash eng/duckdb install

step "an office of $connections connections in $days days"
export DTMCP_EVIDENCE=records
start_office "$work" "$connections" "$days"

# Its last record is older than now.
from=$(date -u -d "$(date -u +%F) - $days days" +%FT%TZ) to=$(date -u +%FT%TZ)
step "export, ended $times times"
for _ in $(seq "$times"); do
  rc=0
  timeout -s KILL "0.$((RANDOM % 9 + 1))" "$DTMCP" export from="$from" to="$to" --out "$work/out" >"$work/broken" 2>&1 || rc=$?
  [ "$rc" = 137 ] || [ "$rc" = 0 ] || { tail -n 3 "$work/broken"; fail "it ended with $rc"; }
done
step "export"
/usr/bin/time -f "%M %e %U %S" -o "$work/time" "$DTMCP" export from="$from" to="$to" --out "$work/out" >"$work/export.out" \
  || { tail -n 3 "$work/export.out"; fail "export"; }
read -r kib seconds user system <"$work/time"
tail -n 1 "$work/export.out"
manifest=("$work"/out/*/manifest.json)
node -e '
  const { slices, connections } = JSON.parse(require("fs").readFileSync(process.argv[1])), all = Object.values(slices);
  const sum = name => all.reduce((sum, slice) => sum + BigInt(slice[name]), 0n);
  console.log(`${connections} ${sum("total_bytes")} ${sum("total_packets")} ${sum("size")}`);' "${manifest[0]}" >"$work/ours"
read -r rows bytes packets size <"$work/ours"
say "$rows connections in $seconds s ($user + $system s of processor), $kib KiB at most, $size bytes in files"
node -e 'const [rows, size, s] = process.argv.slice(1).map(Number); console.log(`  ${Math.round(rows / s)} a second, ${(size / rows).toFixed(1)} bytes each`)' \
  "$rows" "$size" "$seconds"

step "DuckDB"
theirs=$(bash eng/duckdb query "SELECT count(*)::text || ' ' || sum(total_bytes)::text || ' ' || sum(total_pkts)::text AS sums
  FROM read_parquet('$work/out/*/*/*.parquet')" | grep -o '[0-9]* [0-9]* [0-9]*')
[ "$theirs" = "$rows $bytes $packets" ] || fail "DuckDB counts $theirs, the manifest says $rows $bytes $packets"
say "DuckDB's connections, bytes and packets are those of the manifest: $theirs"

step "the same by the appliance's records"
asked=$("$DTMCP" call aggregate_traffic by=state from="$from" to="$to" --format json | node -e '
  const { totals } = JSON.parse(require("fs").readFileSync(0)); console.log(`${totals.connections} ${totals.bytes}`)')
hour=$(bash eng/duckdb query "SELECT count(*)::text || ' ' || sum(total_bytes)::text AS sums
  FROM read_parquet('$work/out/*/*/*.parquet') WHERE ts >= '$from'::timestamptz" | grep -o '[0-9]* [0-9]*')
[ "$asked" = "$hour" ] || fail "the tools say $asked, DuckDB $hour"
say "connections and bytes are those that the tools say: $asked"
[ "$kib" -le "$most" ] || fail "$kib KiB are more than $most"
