// How soon an MCP server on stdio answers tools/list after it is started (median of 20), and what it holds at rest 100 ms later.
// node coldstart.mjs NAME MOST_MIB PROGRAM [ARGUMENT ...]: says one line; MOST_MIB is a bound that fails, or 0 for none. With TABLE=1 the line is a row of a table.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";

const [name, most, program, ...args] = process.argv.slice(2);
const env = { ...process.env, DARKTRACE_HOST: "https://appliance.invalid", DARKTRACE_PUBLIC_TOKEN: "public", DARKTRACE_PRIVATE_TOKEN: "private" };
const send = m => JSON.stringify({ jsonrpc: "2.0", ...m }) + "\n";
const once = () => new Promise((resolve, reject) => {
  const start = performance.now(), child = spawn(program, args, { env, stdio: ["pipe", "pipe", "ignore"] });
  let text = "";
  child.on("error", reject);
  child.on("exit", () => reject(new Error("ended without an answer")));
  child.stdout.on("data", part => {
    text += part;
    // A long answer comes in several parts: only the one that ends it counts.
    if (!text.includes("\"id\":2") || !text.endsWith("\n")) return;
    child.stdout.removeAllListeners("data");
    child.stdout.resume();
    const ms = performance.now() - start;
    child.removeAllListeners("exit");
    setTimeout(() => {
      const rss = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"))[1]) / 1024;
      child.on("exit", () => resolve({ ms, rss }));
      child.stdin.end();
    }, 100);
  });
  child.stdin.write(send({ id: 1, method: "initialize", params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "coldstart", version: "1" } } })
    + send({ method: "notifications/initialized" }) + send({ id: 2, method: "tools/list" }));
});

const runs = [];
await once();
for (let i = 0; i < 20; i++) runs.push(await once());
const median = of => { const sorted = runs.map(of).sort((a, b) => a - b); return (sorted[9] + sorted[10]) / 2; };
const [ms, rss] = [median(r => r.ms), median(r => r.rss)];
console.log(process.env.TABLE
  ? `| ${name} | ${ms.toFixed(0)} | ${rss.toFixed(1)} |`
  : `  ${name}: start to tools/list reply median ${ms.toFixed(0)} ms of 20; at rest median ${rss.toFixed(1)} MiB`);
if (Number(most) && rss > Number(most)) throw new Error(`more than ${most} MiB at rest`);
