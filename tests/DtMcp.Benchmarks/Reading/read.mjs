// Loads the answer as a document and tabulates it in maps, the way a TypeScript server does.
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";

for await (const _ of createInterface({ input: process.stdin })) {
  const began = process.hrtime.bigint();
  const answer = JSON.parse(readFileSync(process.argv[2], "utf8"));
  let rows = 0, volume = 0, external = 0;
  const protocols = new Map(), ports = new Map(), applications = new Map(), far = new Map(), near = new Map();
  const add = (to, key, value) => to.set(key, (to.get(key) ?? 0) + value);
  for (const flow of answer.traffic ?? []) {
    rows++;
    volume += flow.bytes;
    add(protocols, flow.protocol, 1);
    add(ports, flow.destinationport, 1);
    add(applications, flow.applicationprotocol, flow.bytes);
    if (flow.direction === "external") {
      external++;
      add(far, flow.destinationdevice.ip, flow.bytes);
      add(near, flow.sourcedevice.ip, 1);
    }
  }
  console.log(`${Number(process.hrtime.bigint() - began) / 1e9} ${rows} ${volume}`);
}
