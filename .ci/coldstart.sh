#!/usr/bin/env bash
# How soon the published program answers tools/list after it is started (median of 20), and what it holds at rest.
source "$(dirname "$0")/lib.sh"
node -e '
  const { spawn } = require("child_process"), fs = require("fs");
  const send = m => JSON.stringify({ jsonrpc: "2.0", ...m }) + "\n";
  const once = () => new Promise((resolve, reject) => {
    const start = performance.now(), child = spawn(process.argv[1], ["--demo"], { stdio: ["pipe", "pipe", "ignore"] });
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
    const runs = [];
    await once();
    for (let i = 0; i < 20; i++) runs.push(await once());
    const median = of => runs.map(of).sort((a, b) => a - b)[10];
    console.log(`  start to tools/list reply: median ${median(r => r.ms).toFixed(0)} ms of 20; at rest: median ${median(r => r.rss).toFixed(1)} MiB (with the emulated appliance)`);
  })().catch(e => { console.error(e); process.exit(1); });
' "$DTMCP"
