// Loads the answer as a document and tabulates it in maps, the way a TypeScript server does.
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";

const volume = (table, key, flow) => {
  let entry = table.get(key);
  if (!entry) table.set(key, (entry = { connections: 0, bytes: 0, packets: 0 }));
  entry.connections++;
  entry.bytes += flow.bytes;
  entry.packets += flow.packets;
  return entry;
};

// Pages of Advanced Search, one a line.
const records = (text) => text.split("\n").filter((line) => line).flatMap((line) => JSON.parse(line).hits.hits.map(({ _source: { "@fields": f } }) => ({
  bytes: (f.orig_bytes ?? 0) + (f.resp_bytes ?? 0),
  packets: (f.orig_pkts ?? 0) + (f.resp_pkts ?? 0),
  protocol: f.proto,
  applicationprotocol: f.service ?? "unknown",
  sourceport: f.source_port,
  destinationport: f.dest_port,
  direction: f.local_resp === false || f.local_resp === "false" ? "external" : "internal",
  sourcedevice: { ip: f.source_ip },
  destinationdevice: { ip: f.dest_ip },
})));

for await (const _ of createInterface({ input: process.stdin })) {
  const began = process.hrtime.bigint();
  const text = readFileSync(process.argv[2], "utf8");
  const answer = process.argv[3] === "records" ? { traffic: records(text) } : JSON.parse(text);
  let rows = 0, bytes = 0, external = 0, distinct = 0;
  const protocols = new Map(), applications = new Map(), sourcePorts = new Map(), destinationPorts = new Map(), far = new Map(), near = new Map();
  for (const flow of answer.traffic ?? []) {
    rows++;
    bytes += flow.bytes;
    volume(protocols, flow.protocol, flow);
    volume(applications, flow.applicationprotocol, flow);
    volume(sourcePorts, flow.sourceport, flow);
    volume(destinationPorts, flow.destinationport, flow);
    if (flow.direction === "external") {
      external++;
      const target = volume(far, flow.destinationdevice.ip, flow);
      (target.ports ??= new Set()).add(flow.destinationport);
      (target.applications ??= new Set()).add(flow.applicationprotocol);
      const source = volume(near, flow.sourcedevice.ip, flow);
      (source.peers ??= new Set()).add(flow.destinationdevice.ip);
    }
  }
  for (const entry of far.values()) distinct += entry.ports.size + entry.applications.size;
  for (const entry of near.values()) distinct += entry.peers.size;
  console.log(`${Number(process.hrtime.bigint() - began) / 1e9} ${rows} ${bytes} ${external} ${distinct}`);
}
