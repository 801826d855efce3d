// 30 minutes at moderate load: memory, handles and threads stay flat. Draws them: docs/images/soak.svg with --picture.
//   node .ci/long/soak.mjs [--minutes 30] [--users 20] [--picture docs/images/soak.svg] [PROGRAM [ARGUMENT ...]]
import { writeFileSync } from "node:fs";
import { call, essence, held, isSame, options, questions, sleep, startBoth, stop } from "./serving.mjs";

const { minutes, users, connections, picture, program } = options({ minutes: 30, users: 20, connections: 50000, picture: "" });
const { appliance, server, tokens } = await startBoth(program, { connections, users });
const known = new Map(), faults = [], samples = [];
const began = performance.now(), until = began + minutes * 60_000, every = Math.max(1000, minutes * 60_000 / 360);
let asked = 0;
const sampling = setInterval(() => samples.push({ at: (performance.now() - began) / 60_000, ...held(server.child.pid) }), every);
await Promise.all(tokens.map(async (token, user) => {
  for (let i = user * 7; performance.now() < until; i++) {
    const [name, args] = questions[i % questions.length], key = JSON.stringify([name, args]);
    // Every tenth asks the appliance anew; every fiftieth is a mistake.
    const given = i % 50 === 0 ? { ...args, lst: "1h" } : i % 10 === 0 ? { ...args, refresh: true } : args;
    const { status, result, why } = await call(server.address, token, name, given), answer = essence(result);
    asked++;
    if (i % 50 === 0) { if (!result?.isError) faults.push(`a wrong argument: ${status} ${why}`); }
    else if (!answer) { if (status !== 429) faults.push(`${name}: ${status} ${why ?? result?.content?.[0]?.text}`); }
    else if (!isSame(known.get(key) ?? known.set(key, answer).get(key), answer)) faults.push(`${name} was answered otherwise than before`);
    await sleep(500);
  }
}));
clearInterval(sampling);
const third = Math.floor(samples.length / 3), mean = (part, of) => part.reduce((sum, one) => sum + one[of], 0) / part.length;
for (const [of, unit, more] of [["mib", "MiB", 16], ["handles", "handles", 10], ["threads", "threads", 10]]) {
  const [middle, last] = [mean(samples.slice(third, 2 * third), of), mean(samples.slice(2 * third), of)];
  console.log(`  ${unit}: second third ${middle.toFixed(1)}, last third ${last.toFixed(1)}, most ${Math.max(...samples.map(one => one[of])).toFixed(0)}`);
  if (last > middle * 1.1 + more) faults.push(`${unit} grow: ${middle.toFixed(1)} to ${last.toFixed(1)}`);
}
console.log(`  ${asked} calls in ${minutes} minutes, ${faults.length} faults`);
await Promise.all([stop(server), stop(appliance)]);

if (picture) {
  const [w, h, left, top] = [640, 90, 64, 34];
  const plot = (of, title, y) => {
    const most = Math.max(...samples.map(one => one[of])) * 1.1;
    const points = samples.map(one => `${(left + one.at / minutes * w).toFixed(1)},${(y + h - one[of] / most * h).toFixed(1)}`).join(" ");
    return `<text x="${left}" y="${y - 6}">${title}</text><path d="M${left} ${y}V${y + h}H${left + w}" class="axis"/><text x="${left - 6}" y="${y + 10}" class="end">${most.toFixed(0)}</text><text x="${left - 6}" y="${y + h}" class="end">0</text><polyline points="${points}"/>`;
  };
  const rows = [["mib", "memory (RSS), MiB"], ["handles", "open handles"], ["threads", "threads"]];
  writeFileSync(picture, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${left + w + 16} ${top + rows.length * (h + 40)}" font-family="sans-serif" font-size="12">
<title>serve for ${minutes} minutes with ${users} users: memory, handles and threads</title>
<style>rect{fill:#fff}.axis{stroke:#999;fill:none}polyline{stroke:#1f6feb;stroke-width:1.5;fill:none}.end{text-anchor:end}</style>
<rect width="100%" height="100%"/>
${rows.map(([of, title], i) => plot(of, title, top + i * (h + 40))).join("\n")}
<text x="${left + w}" y="${top + rows.length * (h + 40) - 24}" class="end">${minutes} minutes, ${asked} calls</text>
</svg>
`);
}
for (const fault of [...new Set(faults)].slice(0, 20)) console.log(`  ${fault}`);
console.log(faults.length ? "FAILED" : "ok");
process.exit(faults.length ? 1 : 0);
