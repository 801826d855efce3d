#!/usr/bin/env bash
# Months of connections through `dtmcp collect` into ClickHouse, and questions about them: `bash .ci/long/history.sh [CONNECTIONS] [DAYS] [SHARDS]`.
# Takes the published program (DTMCP), or another. Says rate, bytes a connection on disk, and how long six questions take with their memory.
source "$(dirname "$0")/../lib.sh"
connections=${1:-10000000} days=${2:-30} shards=${3:-1}
work=$(mktemp -d)
cleanup() {
  stop_office
  bash eng/clickhouse stop "$work/clickhouse"
  rm -rf "$work"
}
trap cleanup EXIT
bash eng/clickhouse install
nodes=$(bash eng/clickhouse start "$work/clickhouse" "$shards" | paste -sd,)
export DTMCP_HISTORY_URL=$nodes DTMCP_HISTORY_DAYS=$((days + 2)) DTMCP_HISTORY_TIMEOUT=600
[ "$shards" = 1 ] || export DTMCP_HISTORY_CLUSTER=dtmcp

step "an office of $connections connections in $days days, on $shards node(s)"
start_office "$work" "$connections" "$days"

step "collect"
export DTMCP_HISTORY_USER=collector DTMCP_HISTORY_PASSWORD_FILE=$work/clickhouse/collector.password
/usr/bin/time -f "%e s, %M KiB at most, %U + %S s of processor" "$DTMCP" collect --once --last "${days}d" >"$work/collect.out" 2>"$work/collect.err" \
  || { tail -n 3 "$work/collect.err"; fail "collect"; }
tail -n 1 "$work/collect.err"
"$DTMCP" history status

step "questions, as the user who may only read"
export DTMCP_HISTORY_USER=reader DTMCP_HISTORY_PASSWORD_FILE=$work/clickhouse/reader.password
ask() {
  /usr/bin/time -f "%e s, %M KiB at most: $*" "$DTMCP" call "$@" >"$work/answer" 2>"$work/ask.err" || { cat "$work/ask.err"; fail "$*"; }
  grep -q 'evidence history' "$work/answer" || { head -n 3 "$work/answer"; fail "$* is not answered by the history"; }
  tail -n 1 "$work/ask.err"
}
until=$(date -u -d "$(sed -n 's/.* to \([0-9-]* [0-9:]*\),.*/\1/p' < <("$DTMCP" history status) | head -n 1)" +%s)000
from=$((until - (days - 1) * 86400000))
ask summarize_network_traffic starttime="$from" endtime="$until"
ask summarize_external_traffic starttime="$from" endtime="$until"
ask describe_endpoint ip=203.0.113.68 starttime="$from" endtime="$until"
ask aggregate_traffic by=destination measure=bytes starttime="$from" endtime="$until"
# Was this host ever seen, and a hunt in the last day: what is asked about is a day, what is told of the past is of all days.
told() { grep -q 'the history of the 30 days before' "$work/answer" || { head -n 40 "$work/answer"; fail "$1 tells nothing of the 30 days before"; }; }
day=$((until - 86400000))
ask describe_endpoint ip=203.0.113.68 starttime="$day" endtime="$until"
told describe_endpoint
ask hunt_traffic starttime="$day" endtime="$until"
told hunt_traffic
