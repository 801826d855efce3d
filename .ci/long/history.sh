#!/usr/bin/env bash
# Months of connections through `dtmcp collect` into ClickHouse, and questions about them:
# `bash .ci/long/history.sh [CONNECTIONS] [DAYS] [SHARDS] [OFFICES] [DEVICES]`. Takes the published program (DTMCP), or another. Says rate,
# bytes a connection on disk, and how long the questions take with their memory. An emulated appliance holds some 500 bytes a connection:
# more than fit its memory come from OFFICES of them, one after the other, each with its days of the month, the newest first. Whoever asks
# one of them has the clock of its days (clock.c). DEVICES are as many in each of them: it is one office that goes on.
source "$(dirname "$0")/../lib.sh"
connections=${1:-10000000} days=${2:-30} shards=${3:-1} offices=${4:-1} devices=${5:-0}
work=$(mktemp -d)
cleanup() {
  stop_office
  bash eng/clickhouse stop "$work/clickhouse"
  rm -rf "$work"
}
trap cleanup EXIT
bash eng/clickhouse install
gcc -shared -fPIC -O2 -o "$work/clock.so" .ci/long/clock.c -ldl
nodes=$(bash eng/clickhouse start "$work/clickhouse" "$shards" | paste -sd,)
export DTMCP_HISTORY_URL=$nodes DTMCP_HISTORY_DAYS=$((days + 3)) DTMCP_HISTORY_TIMEOUT=600
[ "$shards" = 1 ] || export DTMCP_HISTORY_CLUSTER=dtmcp

export DTMCP_HISTORY_USER=collector DTMCP_HISTORY_PASSWORD_FILE=$work/clickhouse/collector.password
end=$(date -u -d "$(date -u +%F)" +%s) each=$((days / offices)) spent=0
for office in $(seq "$offices"); do
  until=$(date -u -d "@$((end - (office - 1) * each * 86400))" +%FT%TZ) from=$(date -u -d "@$((end - office * each * 86400))" +%FT%TZ)
  step "office $office of $offices: $((connections / offices)) connections, $from to $until, on $shards node(s)"
  # An hour is due some minutes after its end.
  now=$(date -u -d "$until + 5 minutes" +%FT%TZ)
  start_office "$work" $((connections / offices)) "$each" --now "$now" --clock running --devices "$devices"
  began=$SECONDS
  CLOCK_OFFSET=$(($(date -u -d "$now" +%s) - $(date +%s))) LD_PRELOAD=$work/clock.so \
    /usr/bin/time -f "%e s, %M KiB at most, %U + %S s of processor" "$DTMCP" collect --once --from "$from" >"$work/collect.out" 2>"$work/collect.err" \
    || { tail -n 3 "$work/collect.err"; fail "collect"; }
  tail -n 1 "$work/collect.err"
  spent=$((spent + SECONDS - began))
  stop_office
done
say "$((connections / (spent + 1))) connections a second"
"$DTMCP" history status

step "questions, as the user who may only read"
# It knows the devices' names, and has the clock of today.
start_office "$work" 10000 1
export DTMCP_HISTORY_USER=reader DTMCP_HISTORY_PASSWORD_FILE=$work/clickhouse/reader.password
ask() {
  /usr/bin/time -f "%e s, %M KiB at most: $*" "$DTMCP" call "$@" >"$work/answer" 2>"$work/ask.err" || { cat "$work/ask.err"; fail "$*"; }
  grep -q 'evidence history' "$work/answer" || { head -n 3 "$work/answer"; fail "$* is not answered by the history"; }
  tail -n 1 "$work/ask.err"
}
until=${end}000
from=$((end - days * 86400))000
ask summarize_network_traffic starttime="$from" endtime="$until"
ask summarize_external_traffic starttime="$from" endtime="$until"
ask describe_endpoint ip=203.0.113.68 starttime="$from" endtime="$until"
ask aggregate_traffic by=destination measure=bytes starttime="$from" endtime="$until"
# The host outside with most connections, then one with few.
busiest=$("$DTMCP" call aggregate_traffic by=destination measure=connections intext=external top=400 starttime="$from" endtime="$until" --format json \
  | node -e 'const rows = JSON.parse(require("fs").readFileSync(0)).tables.groups.rows; console.log(rows.find(row => !/^(10|192\.168)\./.test(row.destination)).destination)')
ask describe_endpoint ip="$busiest" starttime="$from" endtime="$until"
# Was this host ever seen, and a hunt in the last day: what is asked about is a day, what is told of the past is of all days.
told() { grep -q 'the history of the 30 days before' "$work/answer" || { head -n 40 "$work/answer"; fail "$1 tells nothing of the 30 days before"; }; }
day=$((until - 86400000))
for ip in "$busiest" 203.0.113.68; do
  ask describe_endpoint ip="$ip" starttime="$day" endtime="$until"
  told describe_endpoint
done
ask hunt_traffic starttime="$day" endtime="$until"
told hunt_traffic
