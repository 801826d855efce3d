// Shared by load.mjs, soak.mjs and large-questions.mjs: an emulated appliance and `serve` before it, each a process of its own; users with tokens; questions whose
// answers are known beforehand; and what a process holds.
import { spawn } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import http from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";

const running = [], folder = mkdtempSync(join(tmpdir(), "dtmcp-load-"));
process.on("exit", () => { running.forEach(child => child.kill()); rmSync(folder, { recursive: true, force: true }); });
process.on("SIGINT", () => process.exit(130));

// NAME=VALUE and --name value of a command line, with what holds otherwise; the rest is the program.
export function options(defaults) {
  const given = { ...defaults }, rest = [];
  for (let i = 2; i < process.argv.length; i++) {
    const name = process.argv[i].startsWith("--") && process.argv[i].slice(2);
    if (name && name in given) given[name] = typeof defaults[name] === "number" ? Number(process.argv[++i]) : process.argv[++i];
    else rest.push(process.argv[i]);
  }
  return { ...given, program: rest.length ? rest : ["artifacts/dtmcp/dtmcp"] };
}

// Resolves with the first line on stdout: the address.
export const start = ([program, ...first], args, env = {}) => new Promise((resolve, reject) => {
  const child = spawn(program, [...first, ...args], { env: { ...process.env, ...env }, stdio: ["pipe", "pipe", "pipe"] });
  running.push(child);
  let said = "", wrong = "";
  child.stderr.on("data", part => { wrong = (wrong + part).slice(-2000); });
  child.on("error", reject);
  child.on("exit", code => reject(new Error(`${args[0]} ended with ${code}: ${wrong}`)));
  child.stdout.on("data", part => {
    said += part;
    if (said.includes("\n")) resolve({ child, address: said.split("\n")[0], wrong: () => wrong });
  });
});

export const stop = ({ child }) => new Promise(resolve => { child.removeAllListeners("exit"); child.on("exit", resolve); child.kill(); });

// An appliance with made-up records of two days, and a server before it that knows so many users.
export async function startBoth(program, { connections, users, env = {}, appliance: more = [] }) {
  const secrets = { DARKTRACE_PUBLIC_TOKEN: randomBytes(20).toString("hex"), DARKTRACE_PRIVATE_TOKEN: randomBytes(20).toString("hex") };
  const appliance = await start(program, ["simulate", "--dialect", "sdk", "--connections", `${connections}`, ...more], secrets);
  const tokens = Array.from({ length: users }, () => "dtmcp_" + randomBytes(32).toString("hex"));
  const file = join(folder, `tokens-${randomBytes(4).toString("hex")}`);
  writeFileSync(file, tokens.map((token, i) => `user${i} ${createHash("sha256").update(token).digest("hex")}\n`).join(""), { mode: 0o600 });
  const server = await start(program, ["serve", "--urls", "http://127.0.0.1:0"],
    { ...secrets, DARKTRACE_HOST: appliance.address, DTMCP_TOKENS_FILE: file, DTMCP_EVIDENCE: "network", ...env });
  return { appliance, server, tokens };
}

export const agent = new http.Agent({ keepAlive: true, maxSockets: Infinity });

// One call: its status, what it was answered (null where nothing whole came), and how long it took.
export const call = (address, token, name, args) => new Promise(resolve => {
  const began = performance.now();
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/call", params: { name, arguments: args } });
  const headers = { "Content-Type": "application/json", Accept: "application/json, text/event-stream", "Content-Length": Buffer.byteLength(body), ...(token && { Authorization: `Bearer ${token}` }) };
  const done = (status, result, why) => resolve({ status, result, why, ms: performance.now() - began });
  const request = http.request(address, { method: "POST", headers, agent }, response => {
    let text = "";
    response.setEncoding("utf8");
    response.on("data", part => { text += part; });
    response.on("error", error => done(0, null, `broken off: ${error.code}`));
    response.on("end", () => {
      if (response.statusCode !== 200) return done(response.statusCode, null, text.slice(0, 200));
      try {
        const json = text.split("\n").map(line => line.replace(/^data: /, "")).filter(line => line.startsWith("{")).map(line => JSON.parse(line)).find(one => "id" in one);
        done(200, json?.result ?? null, json?.error?.message);
      } catch (error) { done(200, null, `no JSON: ${error.message}`); }
    });
  });
  request.on("error", error => done(0, null, `broken off: ${error.code}`));
  request.end(body);
});

// Windows that have ended, in the two days of records: the answers do not change. An hour each, so that there are many.
const hour = 3600 * 1000, base = Math.floor(Date.now() / hour) * hour;
export const windows = Array.from({ length: 24 }, (_, i) => ({ starttime: base - (26 + i % 20) * hour, endtime: base - (25 + i % 20 - Math.floor(i / 20)) * hour }));
const forms = [
  ["summarize_network_traffic", {}], ["summarize_external_traffic", {}], ["analyze_protocols_and_ports", {}], ["analyze_bandwidth", {}],
  ["get_network_traffic", { limit: 20 }], ["aggregate_traffic", { by: "port" }], ["aggregate_traffic", { by: "peer", measure: "bytes" }], ["hunt_traffic", {}],
];
export const questions = windows.flatMap(window => forms.map(([name, more]) => [name, { ...window, ...more, format: "json" }]));

// What of an answer is the same however often it is asked: not its age, nor what is said of how it was read.
export function essence(result) {
  if (!result || result.isError) return null;
  try {
    const { totals, tables, notes } = JSON.parse(result.content[0].text);
    return { totals, tables, cut: (notes ?? []).some(note => note.startsWith("Cut to fit")) };
  } catch { return null; }
}

// The age of an answer takes a word of its budget: where it says that it is cut, it may have a row more or less.
export function isSame(one, other) {
  const rest = (answer, rows) => JSON.stringify([answer.totals, Object.entries(answer.tables).map(([name, table]) => [name, table.of, table.rows.slice(0, rows[name])])]);
  const rows = {};
  for (const name of Object.keys(one.tables)) {
    const counts = [one, other].map(answer => answer.tables[name]?.rows.length ?? -1);
    const [fewest, most] = [Math.min(...counts), Math.max(...counts)];
    if (fewest !== most && !(fewest >= 0 && (counts[0] === fewest ? one : other).cut)) return false;
    rows[name] = fewest;
  }
  return rest(one, rows) === rest(other, rows);
}

export const held = pid => {
  const status = readFileSync(`/proc/${pid}/status`, "utf8"), of = name => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)[1]);
  return { mib: of("VmRSS") / 1024, peak: of("VmHWM") / 1024, threads: of("Threads"), handles: readdirSync(`/proc/${pid}/fd`).length };
};

export const quantile = (sorted, q) => sorted.length ? sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] : NaN;
export const sleep = ms => new Promise(resolve => setTimeout(resolve, ms));
