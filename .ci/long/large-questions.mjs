// Fifty calls at once with limit=1000000 over 1,000,000 connections, and 200 warm hunts over 500,000: each is answered or refused with
// a named error, none is dropped, and the server's peak stays within 1.5 GB. Run by hand, it takes minutes:
//   node .ci/long/large-questions.mjs [PROGRAM [ARGUMENT ...]]        (artifacts/dtmcp/dtmcp, or: dotnet .../dtmcp.dll)
// The emulated appliance is a process of its own, so that its records are not counted.
import { readFileSync } from "node:fs";
import http from "node:http";
import { agent, start } from "./serving.mjs";

const MOST_MB = 1500;
const program = process.argv.length > 2 ? process.argv.slice(2) : ["artifacts/dtmcp/dtmcp"];
const tokens = { DARKTRACE_PUBLIC_TOKEN: "public-token-of-a-trial", DARKTRACE_PRIVATE_TOKEN: "private-token-of-a-trial" };
// What came of a call: "answered", the code of its error, or how the connection failed.
const call = (address, name, args) => new Promise(resolve => {
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/call", params: { name, arguments: args } });
  const headers = { "Content-Type": "application/json", Accept: "application/json, text/event-stream", "Content-Length": Buffer.byteLength(body) };
  const request = http.request(address, { method: "POST", headers, agent }, response => {
    let text = "";
    response.setEncoding("utf8");
    response.on("data", part => { text += part; });
    response.on("error", error => resolve(`broken off: ${error.code}`));
    response.on("end", () => {
      const json = text.split("\n").map(line => line.replace(/^data: /, "")).find(line => line.startsWith("{"));
      const result = json && JSON.parse(json).result;
      resolve(!result ? `status ${response.statusCode}: ${text.slice(0, 200)}` : result.isError ? result.content[0].text.split(":")[0] : "answered");
    });
  });
  request.on("error", error => resolve(`broken off: ${error.code}`));
  request.end(body);
});

const peak = child => Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"))[1]) * 1024 / 1e6;

const tally = outcomes => [...new Set(outcomes)].map(what => `${outcomes.filter(outcome => outcome === what).length} ${what}`).join(", ");

let isWrong = false;
async function trial(name, connections, warm, rounds) {
  const appliance = await start(program, ["simulate", "--dialect", "sdk", "--connections", `${connections}`], tokens);
  const server = await start(program, ["serve", "--urls", "http://127.0.0.1:0"],
    { ...tokens, DARKTRACE_HOST: appliance.address, DARKTRACE_TIMEOUT: "600", DTMCP_EVIDENCE: "network" });
  console.log(`${name}: warm ${await call(server.address, ...warm)}, peak ${peak(server.child).toFixed(0)} MB`);
  for (const [what, calls] of rounds) {
    const began = performance.now();
    const outcomes = await Promise.all(calls.map(of => call(server.address, ...of)));
    const mb = peak(server.child);
    console.log(`${name}, ${what}: ${tally(outcomes)}; ${((performance.now() - began) / 1000).toFixed(1)} s; peak ${mb.toFixed(0)} MB`);
    isWrong ||= mb > MOST_MB || outcomes.some(outcome => outcome !== "answered" && outcome !== "busy");
  }
  for (const { child } of [server, appliance]) {
    child.removeAllListeners("exit");
    child.kill();
  }
}

// The records of an emulated appliance are the two days before its start. An end just before it is the same for all calls.
const now = Math.floor(Date.now() / 1000) * 1000, hours = 3600 * 1000;
const window = { starttime: now - 48 * hours, endtime: now };
const day = { starttime: now - 24 * hours, endtime: now };
const rows = extra => ["get_network_traffic", { ...window, limit: 1000000, ...extra }];
const hunt = extra => ["hunt_traffic", { ...day, ...extra }];
const times = (count, of) => Array.from({ length: count }, (_, i) => of(i));
await trial("1,000,000 connections", 1000000, ["summarize_network_traffic", window], [
  ["50 calls with limit=1000000", times(50, () => rows({}))],
  ["50 calls, each with another sort, filter or form", times(50, i => rows({
    sort: ["bytes", "start", "packets", "-bytes", "seconds"][i % 5], format: ["markdown", "csv", "json"][i % 3], detail: "full", destinationport: [443, 53, 80, 25, 22][i % 5] }))],
]);
await trial("500,000 connections", 500000, hunt({}), [
  ["200 warm hunts", times(200, () => hunt({}))],
  ["200 hunts, each with another limit", times(200, i => hunt({ limit: i + 1 }))],
]);
console.log(isWrong ? `FAILED: more than ${MOST_MB} MB, or a call that was neither answered nor refused as busy` : "ok");
process.exit(isWrong ? 1 : 0);
