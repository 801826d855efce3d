#!/usr/bin/env bash
# Debian's Prometheus reads the page of `serve`: it takes every line of it, and what was counted comes out of a query.
# Installs prometheus where it is missing (root, or sudo).
source "$(dirname "$0")/lib.sh"
program=${1:-$DTMCP}
if ! command -v prometheus >/dev/null; then
  as_root=; [ "$(id -u)" = 0 ] || as_root=sudo
  # The package would start a server of its own.
  printf '#!/bin/sh\nexit 101\n' >/tmp/policy-rc.d.$$ && chmod +x /tmp/policy-rc.d.$$
  [ -e /usr/sbin/policy-rc.d ] || { $as_root install -m 0755 /tmp/policy-rc.d.$$ /usr/sbin/policy-rc.d; placed=yes; }
  DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y --no-install-recommends prometheus >/dev/null
  [ -z "${placed:-}" ] || $as_root rm -f /usr/sbin/policy-rc.d
  rm -f /tmp/policy-rc.d.$$
fi

work=$(mktemp -d)
pids=()
trap 'for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done; wait; rm -rf "$work"' EXIT

OTEL_METRICS_EXPORTER=prometheus OTEL_EXPORTER_PROMETHEUS_PORT=0 "$program" serve --demo --connections 500 --days 1 --urls http://127.0.0.1:0 \
  >"$work/out" 2>"$work/err" &
pids+=($!)
for _ in $(seq 100); do [ -s "$work/out" ] && break; sleep 0.1; done
endpoint=$(head -1 "$work/out") page=$(sed -n 's/.*Prometheus reads //p' "$work/err")
[ -n "$page" ] || fail "serve names no page: $(cat "$work/err")"
for _ in 1 2 3; do
  curl -fsS -H 'Content-Type: application/json' -H 'Accept: application/json, text/event-stream' "$endpoint" -d \
    '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"summarize_network_traffic","arguments":{"last":"1h"}}}' >/dev/null
done

curl -fsS "$page" >"$work/metrics.txt"
promtool check metrics <"$work/metrics.txt" >"$work/promtool.txt" 2>&1 || true
# How the runtime names its own is the runtime's.
! grep -v '^dotnet_' "$work/promtool.txt" || fail "promtool check metrics"
# What the dashboard asks of the runtime and of the libraries is there under that name.
if [ -s artifacts/ci/deploy/asked-metrics.txt ]; then
  for name in $(grep -vE '^dtmcp_' artifacts/ci/deploy/asked-metrics.txt); do
    grep -q "^$name{" "$work/metrics.txt" || fail "the dashboard or an alert asks for $name, which is not on the page"
  done
fi

target=${page#http://}
cat >"$work/prometheus.yml" <<YAML
global: { scrape_interval: 1s }
scrape_configs:
  - job_name: dtmcp
    static_configs: [{ targets: ["${target%/metrics}"] }]
YAML
port=$(node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })')
prometheus --config.file="$work/prometheus.yml" --storage.tsdb.path="$work/data" --web.listen-address="127.0.0.1:$port" >"$work/prometheus.txt" 2>&1 &
pids+=($!)

ask() { curl -fsS --get "http://127.0.0.1:$port/api/v1/query" --data-urlencode "query=$1" 2>/dev/null | node -e '
  let text = ""; process.stdin.on("data", part => text += part).on("end", () => {
    try { console.log(JSON.parse(text).data.result.map(r => Number(r.value[1])).reduce((a, b) => a + b, 0)); } catch { console.log(0); } });'; }
for _ in $(seq 60); do
  [ "$(ask 'up{job="dtmcp"}')" = 1 ] && break
  sleep 0.5
done
[ "$(ask 'up{job="dtmcp"}')" = 1 ] || { cat "$work/prometheus.txt"; fail "Prometheus cannot read $page"; }
[ "$(ask 'dtmcp_answers_total{gen_ai_tool_name="summarize_network_traffic"}')" = 3 ] || fail "three answers are not counted"
[ "$(ask 'sum(mcp_server_operation_duration_seconds_count{mcp_method_name="tools/call"})')" = 3 ] || fail "three calls are not counted"
[ "$(ask 'sum(dtmcp_appliance_requests_total{http_response_status_code="200"})')" -gt 0 ] || fail "no request to the appliance is counted"
say "$(prometheus --version 2>&1 | head -1 | cut -d' ' -f1-3) reads $(ask 'scrape_samples_scraped{job="dtmcp"}') samples"
