"""Loads the answer as a document and tabulates it in dictionaries, the way a script around the appliance does."""
import json
import sys
import time

for _ in sys.stdin:
    began = time.perf_counter()
    with open(sys.argv[1], encoding="utf-8") as body:
        answer = json.load(body)
    rows = volume = external = 0
    protocols, ports, applications, far, near = {}, {}, {}, {}, {}
    for flow in answer.get("traffic", []):
        rows += 1
        size = flow.get("bytes", 0)
        volume += size
        name = flow.get("protocol", "unknown")
        protocols[name] = protocols.get(name, 0) + 1
        port = flow.get("destinationport")
        if port:
            ports[port] = ports.get(port, 0) + 1
        application = flow.get("applicationprotocol", "unknown")
        applications[application] = applications.get(application, 0) + size
        if flow.get("direction", "") == "external":
            external += 1
            target = flow.get("destinationdevice", {}).get("ip")
            if target:
                entry = far.setdefault(target, {"connections": 0, "bytes": 0, "ports": set(), "protocols": set()})
                entry["connections"] += 1
                entry["bytes"] += size
                if port:
                    entry["ports"].add(port)
                if application != "unknown":
                    entry["protocols"].add(application)
            source = flow.get("sourcedevice", {}).get("ip")
            if source:
                entry = near.setdefault(source, {"connections": 0, "bytes": 0, "destinations": set()})
                entry["connections"] += 1
                entry["bytes"] += size
                if target:
                    entry["destinations"].add(target)
    print(time.perf_counter() - began, rows, volume, flush=True)
    del answer
