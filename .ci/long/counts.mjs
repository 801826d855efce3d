// A month of 5,000,000 connections on an emulated appliance of its own that thinks 100 ms before each answer: totals and the busiest hosts by
// counts, and by all records, and the heaviest destinations by counts alone. Every figure that both tell is equal; prints requests, bytes
// moved and seconds of both. One question goes before, as an appliance has its index before it is asked. Takes some minutes:
//   node .ci/long/counts.mjs [PROGRAM [ARGUMENT ...]]        (artifacts/dtmcp/dtmcp, or: dotnet .../dtmcp.dll)
import { spawn } from "node:child_process";

const MOST_REQUESTS = 60, MOST_BYTES = 20e6, MOST_BYTES_OF_GROUPS = 5e6, TIMES_FASTER = 10;
const CONNECTIONS = process.env.CONNECTIONS ?? "5000000";
const [program = "artifacts/dtmcp/dtmcp", ...first] = process.argv.slice(2);
const tokens = { DARKTRACE_PUBLIC_TOKEN: "public-token-of-a-trial", DARKTRACE_PRIVATE_TOKEN: "private-token-of-a-trial" };
const running = [];
process.on("exit", () => running.forEach(child => child.kill()));

const asked = [];
const simulate = () => new Promise((resolve, reject) => {
  const child = spawn(program, [...first, "simulate", "--connections", CONNECTIONS, "--days", "30", "--delay", "100ms"],
    { env: { ...process.env, ...tokens }, stdio: ["ignore", "pipe", "pipe"] });
  running.push(child);
  let rest = "";
  child.stderr.on("data", part => {
    const lines = (rest + part).split("\n");
    rest = lines.pop();
    asked.push(...lines.filter(line => line.startsWith("GET") || line.startsWith("POST")));
  });
  child.on("exit", code => reject(new Error(`simulate ended with ${code}`)));
  child.stdout.once("data", part => resolve(part.toString().trim()));
});

const call = (host, args, settings = {}) => new Promise((resolve, reject) => {
  asked.length = 0;
  const started = performance.now();
  const child = spawn(program, [...first, "call", ...args, "--format", "json", "--no-budget"], {
    env: { ...process.env, ...tokens, DARKTRACE_HOST: host, DARKTRACE_TIMEOUT: "300", DTMCP_MAX_FLOWS: "20000000", DTMCP_CACHE_MB: "2048",
      ...settings },
    stdio: ["ignore", "pipe", "inherit"] });
  let said = "";
  child.stdout.on("data", part => { said += part; });
  child.on("exit", code => setTimeout(() => code ? reject(new Error(`call ended with ${code}`)) : resolve({
    answer: JSON.parse(said), seconds: (performance.now() - started) / 1000, requests: asked.length,
    bytes: asked.reduce((sum, line) => sum + Number(line.match(/ (\d+) bytes /)?.[1] ?? 0), 0),
  }), 200));
});

const host = await simulate();
const end = Date.now() - 3_600_000, window = [`starttime=${end - 29 * 86_400_000}`, `endtime=${end}`];
let failed = false;
const check = (isRight, what) => { if (!isRight) { failed = true; console.error(`WRONG: ${what}`); } };
await call(host, ["summarize_network_traffic", ...window, "evidence=counts", "intext=internal"]);
for (const tool of ["summarize_external_traffic", "summarize_network_traffic"]) {
  const counts = await call(host, [tool, ...window, "evidence=counts", "limit=10"]);
  const rows = await call(host, [tool, ...window, "evidence=records", "limit=1000000"]);
  check(counts.answer.scope.evidence === "counts" && rows.answer.scope.evidence === "records", "evidence");
  let figures = 0;
  for (const [name, value] of Object.entries(counts.answer.totals)) {
    check(rows.answer.totals[name] === value, `${tool} ${name}: ${value} by counts, ${rows.answer.totals[name]} by records`);
    figures++;
  }
  for (const [name, table] of Object.entries(counts.answer.tables)) {
    const key = ["ip", "port", "name"].find(column => column in (table.rows[0] ?? {}));
    const truth = new Map(rows.answer.tables[name].rows.map(row => [row[key], row]));
    // Bytes are asked for some rows only, and an answer says so.
    for (const row of table.rows) for (const column of ["connections", "bytes"].filter(one => one in row)) {
      check(truth.get(row[key])?.[column] === row[column], `${tool} ${name} ${row[key]} ${column}`);
      figures++;
    }
  }
  const line = ({ requests, bytes, seconds }) => `${requests} requests, ${(bytes / 1e6).toFixed(2)} MB, ${seconds.toFixed(1)} s`;
  console.log(`${tool}: by counts ${line(counts)}; by records ${line(rows)}; ${figures} figures compared`);
  check(counts.requests <= MOST_REQUESTS && counts.bytes <= MOST_BYTES, `${tool} takes too much`);
  check(counts.seconds * TIMES_FASTER <= rows.seconds, `${tool} is not ${TIMES_FASTER} times as fast`);
}

// What the question itself chooses: no evidence is asked for, and what is kept is as much as by default.
const heaviest = await call(host, ["aggregate_traffic", "by=destination", "measure=bytes", ...window], { DTMCP_MAX_FLOWS: "2000000" });
console.log(`aggregate_traffic by=destination measure=bytes: by ${heaviest.answer.scope.evidence} ${heaviest.requests} requests, ` +
  `${(heaviest.bytes / 1e6).toFixed(2)} MB, ${heaviest.seconds.toFixed(1)} s`);
check(heaviest.answer.scope.evidence === "counts" && heaviest.bytes <= MOST_BYTES_OF_GROUPS, "aggregate_traffic takes too much");
process.exit(failed ? 1 : 0);
