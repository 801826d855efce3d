// 200 users at once with mixed questions, warm and cold, for 5 minutes; every body is compared with what the same question was answered alone.
// Then the same answer from memory, beside the smallest server of the TypeScript SDK; then a light user beside a heavy one.
//   node .ci/long/load.mjs [--users 200] [--seconds 300] [--connections 50000] [PROGRAM [ARGUMENT ...]]
// Fails on a wrong answer, on an error that is no honest 429 or named refusal, and when memory is not steady. Node itself takes a core: read ratios.
import { execFileSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { call, essence, held, isSame, options, questions, quantile, sleep, start, startBoth, stop } from "./serving.mjs";

const { users, seconds, connections, program } = options({ users: 200, seconds: 300, connections: 50000 });
const faults = [];
const line = (times, s) => {
  const sorted = times.toSorted((a, b) => a - b);
  return `${times.length} answers, ${(times.length / s).toFixed(0)} a second, half within ${quantile(sorted, 0.5).toFixed(0)} ms, 95 of 100 within ${quantile(sorted, 0.95).toFixed(0)} ms, 99 within ${quantile(sorted, 0.99).toFixed(0)} ms`;
};

console.log(`== ${users} users, mixed questions, ${seconds} s`);
const { appliance, server, tokens } = await startBoth(program, { connections, users });
const known = new Map();
for (const [i, [name, args]] of questions.entries()) {
  const alone = await call(server.address, tokens[i % users], name, args);
  const answer = essence(alone.result);
  if (!answer) throw new Error(`${name} alone: ${alone.status} ${alone.why ?? JSON.stringify(alone.result)?.slice(0, 300)}`);
  known.set(JSON.stringify([name, args]), answer);
}
console.log(`  ${known.size} questions are known; ${held(server.child.pid).mib.toFixed(0)} MiB`);

const until = performance.now() + seconds * 1000, times = [], refused = {}, samples = [];
let seed = 7;
const random = most => { seed = (seed * 1103515245 + 12345) % 2147483648; return Math.floor(seed / 65536) % most; };
const sampling = setInterval(() => samples.push(held(server.child.pid)), 1000);
await Promise.all(tokens.map(async token => {
  while (performance.now() < until) {
    const [name, args] = questions[random(questions.length)];
    // One in twenty asks the appliance anew.
    const { status, result, why, ms } = await call(server.address, token, name, random(20) === 0 ? { ...args, refresh: true } : args);
    const answer = essence(result), code = result?.isError && result.content[0].text.split(":")[0];
    if (answer) {
      times.push(ms);
      if (!isSame(answer, known.get(JSON.stringify([name, args])))) faults.push(`${name} ${JSON.stringify(args)} was answered otherwise than alone`);
    } else if (status === 429 || code === "busy" || code === "appliance_busy") {
      refused[code || status] = (refused[code || status] ?? 0) + 1;
      await sleep(1000);
    } else faults.push(`${name}: ${status} ${why ?? code}`);
  }
}));
clearInterval(sampling);
const third = Math.floor(samples.length / 3), mean = part => part.reduce((sum, one) => sum + one.mib, 0) / part.length;
const [middle, last] = [mean(samples.slice(third, 2 * third)), mean(samples.slice(2 * third))];
console.log(`  ${line(times, seconds)}; refused: ${JSON.stringify(refused)}`);
console.log(`  memory: second third ${middle.toFixed(0)} MiB, last third ${last.toFixed(0)} MiB, peak ${held(server.child.pid).peak.toFixed(0)} MiB`);
if (last > middle * 1.15 + 16) faults.push(`memory grows: ${middle.toFixed(0)} to ${last.toFixed(0)} MiB`);

console.log("== one answer from memory, 16 at once, beside the TypeScript SDK");
const [name, args] = ["summarize_external_traffic", { ...questions[0][1], format: "markdown" }];
const text = (await call(server.address, tokens[0], name, args)).result.content[0].text;
const folder = "tests/DtMcp.Benchmarks/typescript";
if (!existsSync(`${folder}/node_modules`)) execFileSync("npm", ["install", "--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"], { cwd: folder, stdio: "inherit" });
writeFileSync("artifacts/load-answer.txt", text);
const rival = await start(["node"], [`${folder}/server.mjs`, "http", "artifacts/load-answer.txt", "json"]);
const short = Math.min(20, seconds / 3);
const trial = async (address, whose) => {
  const end = performance.now() + short * 1000, took = [];
  let turn = 0;
  await Promise.all(Array.from({ length: 16 }, async () => {
    while (performance.now() < end) {
      const one = await call(address, whose[turn++ % whose.length], name, args);
      const said = one.result?.content?.[0]?.text;
      // Both say the same, but for the age that the first line tells.
      if (one.status === 429) await sleep(200);
      else if (said?.split("\n").slice(1).join() !== text.split("\n").slice(1).join()) faults.push(`${address}: ${one.status} ${one.why}`);
      else took.push(one.ms);
    }
  }));
  return took;
};
for (const round of [1, 2]) {
  console.log(`  ${round}: DtMcp ${line(await trial(server.address, tokens), short)}`);
  console.log(`  ${round}: TypeScript ${line(await trial(rival.address, [""]), short)}; ${held(rival.child.pid).mib.toFixed(0)} MiB`);
}
await Promise.all([stop(rival), stop(server), stop(appliance)]);

console.log("== a light user alone, and beside a heavy one");
const slow = await startBoth(program, { connections, users: 2, appliance: ["--delay", "100ms"] });
const light = async () => {
  const end = performance.now() + short * 1000, took = [];
  for (let i = 0; performance.now() < end; i++) {
    const [what, given] = questions[i % questions.length];
    const one = await call(slow.server.address, slow.tokens[0], what, { ...given, refresh: true });
    if (!essence(one.result)) faults.push(`the light user: ${one.status} ${one.why ?? one.result?.content?.[0]?.text}`);
    took.push(one.ms);
    await sleep(100);
  }
  return took;
};
const alone = await light();
let isOver = false;
const heavy = Promise.all(Array.from({ length: 30 }, async (_, i) => {
  while (!isOver) {
    const window = { starttime: questions[0][1].starttime - i * 1000, endtime: questions[0][1].endtime + 20 * 3600 * 1000 };
    const one = await call(slow.server.address, slow.tokens[1], "get_network_traffic", { ...window, limit: 5, refresh: true, port: 1000 + i });
    if (one.status === 429) await sleep(500);
  }
}));
await sleep(1000);
const beside = await light();
isOver = true;
await heavy;
const of = took => quantile(took.toSorted((a, b) => a - b), 0.5);
console.log(`  alone: ${line(alone, short)}\n  beside: ${line(beside, short)}\n  median ${(of(beside) / of(alone)).toFixed(1)} times as long`);
await Promise.all([stop(slow.server), stop(slow.appliance)]);

const counted = new Map();
for (const fault of faults) counted.set(fault, (counted.get(fault) ?? 0) + 1);
for (const [fault, count] of [...counted].slice(0, 20)) console.log(`  ${count} times: ${fault}`);
console.log(faults.length ? `FAILED: ${faults.length} faults` : "ok");
process.exit(faults.length ? 1 : 0);
