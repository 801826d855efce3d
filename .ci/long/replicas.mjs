// Replicas of `serve` behind nginx with one Redis between them, while everything goes wrong at random: the appliance with every fault it has, Redis killed,
// frozen, full and emptied, replicas killed. Every answer must be right or a named error, and nothing may hang.
//   node .ci/long/replicas.mjs [--seconds 300] [--replicas 3] [--users 24] [--seed 7] [PROGRAM [ARGUMENT ...]]
// Needs redis-server and nginx (eng/replicas install).
import { execFileSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import http from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { call, essence, held, isSame, options, quantile, questions, sleep, start, stop } from "./serving.mjs";

const { seconds, replicas: count, users, seed: given, program } = options({ seconds: 300, replicas: 3, users: 24, seed: 7 });
let seed = given;
const random = most => { seed = (seed * 1103515245 + 12345) % 2147483648; return Math.floor(seed / 65536) % most; };
const folder = mkdtempSync(join(tmpdir(), "dtmcp-farm-")), faults = [], counted = {}, times = [];
const count1 = (what, by = 1) => { counted[what] = (counted[what] ?? 0) + by; };
const eng = (...args) => execFileSync("bash", ["eng/replicas", ...args], { encoding: "utf8" }).trim();
const signal = name => { try { process.kill(Number(readFileSync(join(folder, "redis.pid"), "utf8")), name); } catch { /* It has gone already. */ } };
const redis = (...args) => { try { execFileSync("redis-cli", ["-p", readFileSync(join(folder, "redis.port"), "utf8").trim(), ...args], { env: { ...process.env, REDISCLI_AUTH: readFileSync(join(folder, "password"), "utf8").trim() }, timeout: 2000, stdio: "ignore" }); } catch { /* Frozen or gone. */ } };
process.on("exit", () => { try { eng("stop", folder); } catch { /* Told already. */ } rmSync(folder, { recursive: true, force: true }); });

// One appliance without fault, and one of each fault that it has, over the same records; a proxy chooses.
const secrets = { DARKTRACE_PUBLIC_TOKEN: randomBytes(20).toString("hex"), DARKTRACE_PRIVATE_TOKEN: randomBytes(20).toString("hex") };
const named = ["signature", "date", "permission", "not-found", "login-page", "busy", "error-500", "slow", "cut-off", "bad-json", "reset"];
const appliances = {};
for (const fault of ["", ...named]) {
  appliances[fault] = await start(program, ["simulate", "--dialect", "sdk", "--connections", "3000", "--days", "2", ...(fault ? ["--fault", fault] : ["--delay", "50ms"])], secrets);
}
let fault = "", asked = 0;
const agent = new http.Agent({ keepAlive: true });
const proxy = http.createServer((request, response) => {
  asked++;
  const target = new URL(appliances[fault].address);
  const onwards = http.request({ host: target.hostname, port: target.port, method: request.method, path: request.url, headers: { ...request.headers }, agent }, answer => {
    response.writeHead(answer.statusCode, answer.headers);
    answer.on("error", () => response.destroy());
    answer.pipe(response);
  });
  onwards.on("error", () => request.socket.destroy());
  response.on("close", () => onwards.destroy());
  request.pipe(onwards);
});
await new Promise(resolve => proxy.listen(0, "127.0.0.1", resolve));

const tokens = Array.from({ length: users }, () => "dtmcp_" + randomBytes(32).toString("hex"));
writeFileSync(join(folder, "tokens"), tokens.map((token, i) => `user${i} ${createHash("sha256").update(token).digest("hex")}\n`).join(""), { mode: 0o600 });
writeFileSync(join(folder, "keys"), randomBytes(32).toString("base64"), { mode: 0o600 });
const address = eng("redis", folder);
const ports = Array.from({ length: count }, (_, i) => 34100 + random(500) * 8 + i);
const env = {
  ...secrets, DARKTRACE_HOST: `http://127.0.0.1:${proxy.address().port}`, DARKTRACE_TIMEOUT: "5", DTMCP_EVIDENCE: "network", DTMCP_TOKENS_FILE: join(folder, "tokens"),
  DTMCP_TRUSTED_PROXIES: "127.0.0.1", DTMCP_REDIS_URL: address, DTMCP_REDIS_PASSWORD_FILE: join(folder, "password"), DTMCP_REDIS_KEYS_FILE: join(folder, "keys"), DTMCP_RATE_PER_USER: "0",
};
const one = async port => {
  const replica = await start(program, ["serve", "--urls", `http://127.0.0.1:${port}`], env);
  replica.child.removeAllListeners("exit");
  return replica;
};
const farm = await Promise.all(ports.map(one));
const nginx = eng("nginx", folder, ...ports.map(String)) + "/mcp";

const known = new Map(), asks = questions.filter((_, i) => i % 5 !== 4);
for (const [i, [name, args]] of asks.entries()) {
  const alone = await call(nginx, tokens[i % users], name, args), answer = essence(alone.result);
  if (!answer) throw new Error(`${name} alone: ${alone.status} ${alone.why ?? JSON.stringify(alone.result)?.slice(0, 300)}`);
  known.set(JSON.stringify([name, args]), answer);
}
console.log(`${known.size} questions are known; ${asked} requests to the appliance; ${count} replicas, ${users} users, ${seconds} s`);

// One question of all at once, cold: how often is it read?
let once = 0;
for (let i = 0; i < 10; i++) {
  // None of the windows that were asked for above reaches here.
  const windows = { starttime: questions[0][1].starttime + (8 + i) * 3600000, endtime: questions[0][1].starttime + (8 + i) * 3600000 + 1799999 }, before = asked;
  const all = await Promise.all(Array.from({ length: count * 3 }, (_, k) => call(`http://127.0.0.1:${ports[k % count]}/mcp`, tokens[k % users], "summarize_network_traffic", { ...windows, format: "json" })));
  if (new Set(all.map(told => JSON.stringify(essence(told.result)))).size !== 1) faults.push("one question of all at once was answered differently");
  if (asked - before === 1) once++;
}
console.log(`one question asked ${count * 3} times at once, ten times: ${once} of 10 were one request to the appliance`);

const until = performance.now() + seconds * 1000;
const chaos = (async () => {
  const upset = [
    async () => { fault = named[random(named.length)]; count1(`fault ${fault}`); await sleep(1000 + random(4000)); fault = ""; },
    async () => { count1("Redis killed"); signal("SIGKILL"); await sleep(2000 + random(6000)); eng("redis", folder); },
    async () => { count1("Redis frozen"); signal("SIGSTOP"); await sleep(1000 + random(8000)); signal("SIGCONT"); },
    async () => { count1("Redis full"); redis("config", "set", "maxmemory", "1"); await sleep(2000 + random(4000)); redis("config", "set", "maxmemory", "0"); },
    async () => { count1("Redis emptied"); redis("flushall"); },
    async () => { const i = random(count); count1("replica killed"); farm[i].child.kill("SIGKILL"); await sleep(500 + random(3000)); farm[i] = await one(ports[i]); },
  ];
  while (performance.now() < until) {
    await upset[random(3) ? 0 : 1 + random(upset.length - 1)]();
    await sleep(500 + random(2500));
  }
})();
const codes = /^(signature_rejected|clock_skew|request_rejected|permission_denied|not_available|not_darktrace|appliance_busy|unreachable|timeout|bad_answer|not_answering|busy|certificate\w*|took_too_long)/;
await Promise.all(tokens.map(async token => {
  while (performance.now() < until) {
    const [name, args] = asks[random(asks.length)];
    const { status, result, why, ms } = await Promise.race([
      call(nginx, token, name, random(4) === 0 ? { ...args, refresh: true } : args), sleep(120000).then(() => ({ status: -1, why: "no answer within 120 s" }))]);
    const answer = essence(result), text = result?.isError ? result.content[0].text : "";
    times.push(ms);
    if (answer) {
      count1("right");
      if (!isSame(answer, known.get(JSON.stringify([name, args])))) faults.push(`${name} ${JSON.stringify(args)} was answered otherwise than alone`);
    } else if (codes.test(text)) count1(`said ${text.split(":")[0]}`);
    // The calls of a replica that was killed, or all while none was there.
    else if (status === 502 || status === 503 || status === 504 || (status === 0 && why?.startsWith("broken off"))) count1("broken off");
    else faults.push(`${name}: ${status} ${why ?? text.slice(0, 200)}`);
    await sleep(100 + random(300));
  }
}));
await chaos;
fault = "";
signal("SIGCONT");
await sleep(12000);
for (const [i, [name, args]] of asks.slice(0, 40).entries()) {
  const told = await call(nginx, tokens[i % users], name, { ...args, refresh: true }), answer = essence(told.result);
  if (!answer || !isSame(answer, known.get(JSON.stringify([name, args])))) faults.push(`afterwards ${name}: ${told.status} ${told.why ?? told.result?.content?.[0]?.text?.slice(0, 200)}`);
}

const sorted = times.filter(Number.isFinite).toSorted((a, b) => a - b);
console.log(JSON.stringify(counted));
console.log(`${sorted.length} calls, half within ${quantile(sorted, 0.5).toFixed(0)} ms, 99 of 100 within ${quantile(sorted, 0.99).toFixed(0)} ms, the longest ${sorted.at(-1).toFixed(0)} ms; ${asked} requests to the appliance`);
console.log(farm.map(({ child }) => { const { mib, threads, handles } = held(child.pid); return `${mib.toFixed(0)} MiB, ${threads} threads, ${handles} handles`; }).join("; "));
const several = new Map();
for (const one of faults) several.set(one, (several.get(one) ?? 0) + 1);
for (const [what, times] of [...several].slice(0, 20)) console.log(`  ${times} times: ${what}`);
console.log(faults.length ? `FAILED: ${faults.length} faults` : "ok");
await Promise.all([...farm, ...Object.values(appliances)].map(stop));
proxy.close();
process.exit(faults.length ? 1 : 0);
