#!/usr/bin/env bash
# How soon the published program answers tools/list after it is started (median of 20), and what it holds at rest: with an appliance's
# settings (nothing is asked of it), where more than 40 MiB fails, and with the emulated appliance inside.
source "$(dirname "$0")/lib.sh"
node -e '
  const { spawn } = require("child_process"), fs = require("fs");
  const send = m => JSON.stringify({ jsonrpc: "2.0", ...m }) + "\n";
  const once = args => new Promise((resolve, reject) => {
    const start = performance.now(), child = spawn(process.argv[1], args, { env: { ...process.env, DARKTRACE_HOST: "https://appliance.invalid", DARKTRACE_PUBLIC_TOKEN: "public", DARKTRACE_PRIVATE_TOKEN: "private" }, stdio: ["pipe", "pipe", "ignore"] });
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
        const rss = Number(/VmRSS:\s+(\d+)/.exec(fs.readFileSync(`/proc/${child.pid}/status`, "utf8"))[1]) / 1024;
        child.on("exit", () => resolve({ ms, rss }));
        child.stdin.end();
      }, 100);
    });
    child.stdin.write(send({ id: 1, method: "initialize", params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "coldstart", version: "1" } } })
      + send({ method: "notifications/initialized" }) + send({ id: 2, method: "tools/list" }));
  });
  (async () => {
    for (const [what, args, most] of [["with an appliance", [], 40], ["with the emulated appliance", ["--demo"], Infinity]]) {
      const runs = [];
      await once(args);
      for (let i = 0; i < 20; i++) runs.push(await once(args));
      const median = of => { const sorted = runs.map(of).sort((a, b) => a - b); return (sorted[9] + sorted[10]) / 2; };
      console.log(`  ${what}: start to tools/list reply median ${median(r => r.ms).toFixed(0)} ms of 20; at rest median ${median(r => r.rss).toFixed(1)} MiB`);
      if (median(r => r.rss) > most) throw new Error(`more than ${most} MiB at rest`);
    }
  })().catch(e => { console.error(e); process.exit(1); });
' "$DTMCP"
