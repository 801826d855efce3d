#!/usr/bin/env bash
# Kills the collector and each node at random while hours are collected, and compares what is held with what the emulated appliance has:
# `bash .ci/long/history-kills.sh [KILLS] [SHARDS] [CONNECTIONS] [DAYS]`. Takes the published program (DTMCP), or another.
source "$(dirname "$0")/../lib.sh"
kills=${1:-50} shards=${2:-2} connections=${3:-400000} days=${4:-4}
work=$(mktemp -d) collector=
cleanup() {
  [ -z "$collector" ] || kill -9 "$collector" 2>/dev/null || true
  stop_office
  bash eng/clickhouse stop "$work/clickhouse"
  rm -rf "$work"
}
trap cleanup EXIT
bash eng/clickhouse install
nodes=$(bash eng/clickhouse start "$work/clickhouse" "$shards" | paste -sd,)
export DTMCP_HISTORY_URL=$nodes DTMCP_HISTORY_DAYS=$((days + 2)) DTMCP_HISTORY_TIMEOUT=60
export DTMCP_HISTORY_USER=collector DTMCP_HISTORY_PASSWORD_FILE=$work/clickhouse/collector.password
[ "$shards" = 1 ] || export DTMCP_HISTORY_CLUSTER=dtmcp
start_office "$work" "$connections" "$days"

collect() { exec "$DTMCP" collect --once --last "${days}d" >>"$work/collect.out" 2>>"$work/collect.err"; }

step "$kills kills of the collector and of $shards node(s), seed 1"
RANDOM=1
for kill in $(seq "$kills"); do
  if [ -z "$collector" ] || ! kill -0 "$collector" 2>/dev/null; then
    (collect) &
    collector=$!
  fi
  sleep "$((RANDOM % 4)).$((RANDOM % 10))"
  whom=$((RANDOM % (shards + 1)))
  if [ "$whom" = 0 ]; then
    kill -9 "$collector" 2>/dev/null || true
    wait "$collector" 2>/dev/null || true
    collector=
  else
    pid=$(cat "$work/clickhouse/node$whom/pid")
    kill -9 "$pid" 2>/dev/null || true
    while kill -0 "$pid" 2>/dev/null; do sleep 0.1; done
    bash eng/clickhouse start "$work/clickhouse" "$shards" >/dev/null
  fi
  echo "kill $kill: $([ "$whom" = 0 ] && echo the collector || echo "node $whom"), $("$DTMCP" history status 2>/dev/null | tail -n 1)"
done
[ -z "$collector" ] || wait "$collector" || true
collector=

step "collected to the end"
for attempt in 1 2 3 4 5; do
  (collect) && break
  [ "$attempt" -lt 5 ] || { tail -n 3 "$work/collect.err"; fail "what is left is not collected"; }
done
"$DTMCP" history status | tee "$work/status"

step "the same figures by the appliance's own count and by the history"
until=$(date -u -d "$(sed -n 's/.* to \([0-9-]* [0-9:]*\),.*/\1/p' "$work/status" | head -n 1)" +%s)999
from=$((until - days * 86400000 + 7200000))
figures() {
  "${@:2}" "$DTMCP" call aggregate_traffic by=protocol top=100 starttime="$from" endtime="$until" format=json >"$work/$1.json" \
    || fail "no answer from $1"
  node -e '
    const answer = JSON.parse(require("fs").readFileSync(process.argv[1]));
    console.log(JSON.stringify([answer.scope.evidence, answer.totals, answer.tables.groups.rows]));' "$work/$1.json" >"$work/$1"
  grep -q "\"$1\"" "$work/$1" || fail "not answered by $1"
}
figures records env -u DTMCP_HISTORY_URL -u DTMCP_HISTORY_USER -u DTMCP_HISTORY_PASSWORD_FILE -u DTMCP_HISTORY_CLUSTER \
  -u DTMCP_HISTORY_DAYS -u DTMCP_HISTORY_TIMEOUT DTMCP_EVIDENCE=records
figures history env DTMCP_EVIDENCE=records
[ "$(sed 's/"records"//' "$work/records")" = "$(sed 's/"history"//' "$work/history")" ] || { cut -c1-300 "$work/records" "$work/history"; fail "they differ"; }
echo "equal: $(cut -c1-200 "$work/history")"

step "the same names"
from=$((until - 3 * 3600000 + 1))
names() {
  "${@:2}" "$DTMCP" call lookup_names limit=100 starttime="$from" endtime="$until" --format json --no-budget >"$work/$1.json" \
    || fail "no names from $1"
  node -e '
    const answer = JSON.parse(require("fs").readFileSync(process.argv[1]));
    console.log(JSON.stringify([answer.totals, answer.tables]));' "$work/$1.json" >"$work/$1"
}
names appliance env -u DTMCP_HISTORY_URL -u DTMCP_HISTORY_USER -u DTMCP_HISTORY_PASSWORD_FILE -u DTMCP_HISTORY_CLUSTER \
  -u DTMCP_HISTORY_DAYS -u DTMCP_HISTORY_TIMEOUT
names history env
grep -q 'From the history' "$work/history.json" || fail "names are not answered by the history"
cmp "$work/appliance" "$work/history" || { cut -c1-300 "$work/appliance" "$work/history"; fail "names differ"; }
echo "equal: $(cut -c1-200 "$work/history")"
