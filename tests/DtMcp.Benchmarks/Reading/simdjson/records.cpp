// Pages of Advanced Search, one a line, with simdjson's on-demand API: every field of an entry is looked at as it comes, since their order differs; addresses
// and names interned in flat tables, details kept once a host, rows into columns of 16,384 that the tables consume.
#include <simdjson.h>
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <iostream>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

using namespace simdjson;

struct Interner {
  struct Slot { uint64_t a = 0, b = 0; int32_t id = -1; };
  std::vector<Slot> slots = std::vector<Slot>(1 << 17);
  std::vector<std::string> names;

  int32_t get(std::string_view text) {
    uint64_t w[2] = {0, 0};
    std::memcpy(w, text.data(), text.size() < 16 ? text.size() : 16);
    size_t at = ((w[0] ^ (w[1] * 0xC2B2AE3D27D4EB4Full)) * 0x9E3779B97F4A7C15ull) >> 47;
    for (;; at = (at + 1) & (slots.size() - 1)) {
      Slot& s = slots[at];
      if (s.id < 0) { s = {w[0], w[1], (int32_t)names.size()}; names.emplace_back(text); return s.id; }
      if (s.a == w[0] && s.b == w[1]) return s.id;
    }
  }
};

struct Volume { int64_t connections = 0, bytes = 0, packets = 0; void add(int64_t b, int64_t p) { connections++; bytes += b; packets += p; } };

struct PairSet {
  std::vector<uint64_t> slots = std::vector<uint64_t>(1 << 12);
  size_t count = 0;
  void clear() { std::fill(slots.begin(), slots.end(), 0); count = 0; }
  static size_t find(const std::vector<uint64_t>& in, uint64_t pair) {
    size_t mask = in.size() - 1, at = (pair * 0x9E3779B97F4A7C15ull >> 32) & mask;
    while (in[at] && in[at] != pair) at = (at + 1) & mask;
    return at;
  }
  void add(uint32_t a, uint32_t b) {
    uint64_t pair = ((uint64_t)a + 1) << 32 | b;
    size_t at = find(slots, pair);
    if (slots[at]) return;
    slots[at] = pair;
    if (++count > slots.size() / 2) {
      std::vector<uint64_t> grown(slots.size() * 4);
      for (uint64_t known : slots) if (known) grown[find(grown, known)] = known;
      slots.swap(grown);
    }
  }
};

struct Details { std::string country, network; };

constexpr size_t Capacity = 16384;
struct Chunk {
  size_t count = 0;
  int64_t start[Capacity], bytes[Capacity], sent[Capacity], packets[Capacity];
  int32_t duration[Capacity], source[Capacity], destination[Capacity];
  uint16_t sport[Capacity], dport[Capacity], protocol[Capacity], application[Capacity];
  uint8_t traits[Capacity];
};

enum Field { None, SourceIp, DestIp, SourcePort, DestPort, Proto, Service, StartTs, EpochDate, Duration, OrigBytes, RespBytes, OrigPkts, RespPkts, MissedOrig, MissedResp,
  State, LocalOrig, LocalResp, OrigCc, RespCc, OrigAsn, RespAsn };

static Field fieldOf(std::string_view key) {
  switch (key.size()) {
    case 5: return key == "proto" ? Proto : None;
    case 7: return key == "dest_ip" ? DestIp : key == "service" ? Service : key == "orig_cc" ? OrigCc : key == "resp_cc" ? RespCc : None;
    case 8: return key == "start_ts" ? StartTs : key == "duration" ? Duration : key == "orig_asn" ? OrigAsn : key == "resp_asn" ? RespAsn : None;
    case 9: return key == "source_ip" ? SourceIp : key == "dest_port" ? DestPort : key == "epochdate" ? EpochDate : key == "orig_pkts" ? OrigPkts : key == "resp_pkts" ? RespPkts : None;
    case 10: return key == "orig_bytes" ? OrigBytes : key == "resp_bytes" ? RespBytes : key == "conn_state" ? State : key == "local_orig" ? LocalOrig : key == "local_resp" ? LocalResp : None;
    case 11: return key == "source_port" ? SourcePort : None;
    case 17: return key == "missed_bytes_orig" ? MissedOrig : key == "missed_bytes_resp" ? MissedResp : None;
    default: return None;
  }
}

static bool isTrue(ondemand::value value) {
  bool said = false;
  if (!value.get_bool().get(said)) return said;
  return std::string_view(value.get_string()) == "true";
}

int main(int, char** argv) {
  // Kept over the rounds, as simdjson's guide advises; the tables' memory too.
  ondemand::parser parser;
  std::vector<char> json;
  auto chunk = std::make_unique<Chunk>();
  std::vector<Volume> sports, dports, byProtocol, byApplication, far, near;
  PairSet portsOf, applicationsOf, peersOf;
  std::string line;
  while (std::getline(std::cin, line)) {
    auto began = std::chrono::steady_clock::now();
    std::ifstream file(argv[1], std::ios::binary | std::ios::ate);
    size_t size = (size_t)file.tellg();
    json.resize(size + SIMDJSON_PADDING);
    file.seekg(0).read(json.data(), (std::streamsize)size);
    Interner hosts, protocols, applications;
    std::vector<Details> details;
    chunk->count = 0;
    for (auto* table : {&sports, &dports, &byProtocol, &byApplication}) table->assign(65536, {});
    for (auto* table : {&far, &near}) table->clear();
    for (auto* pairs : {&portsOf, &applicationsOf, &peersOf}) pairs->clear();
    int64_t rows = 0, volume = 0, external = 0, missed = 0;

    auto consume = [&] {
      far.resize(hosts.names.size()); near.resize(hosts.names.size());
      for (size_t i = 0; i < chunk->count; i++) {
        volume += chunk->bytes[i];
        int64_t b = chunk->bytes[i], p = chunk->packets[i];
        sports[chunk->sport[i]].add(b, p);
        dports[chunk->dport[i]].add(b, p);
        byProtocol[chunk->protocol[i]].add(b, p);
        byApplication[chunk->application[i]].add(b, p);
        if (chunk->traits[i] & 2) {
          external++;
          far[chunk->destination[i]].add(b, p);
          near[chunk->source[i]].add(b, p);
          portsOf.add(chunk->destination[i], chunk->dport[i]);
          applicationsOf.add(chunk->destination[i], chunk->application[i]);
          peersOf.add(chunk->source[i], chunk->destination[i]);
        }
      }
      rows += chunk->count;
      chunk->count = 0;
    };
    for (size_t at = 0; at < size;) {
      size_t length = (size_t)((const char*)std::memchr(json.data() + at, '\n', size - at) - (json.data() + at));
      ondemand::document doc = parser.iterate(json.data() + at, length, json.size() - at);
      for (ondemand::object hit : doc["hits"]["hits"].get_array()) {
        size_t i = chunk->count;
        std::string_view source, destination, country[2], network[2];
        int64_t sent = 0, received = 0, sentPackets = 0, receivedPackets = 0;
        double start = 0, epoch = 0, duration = 0;
        bool local = true, localSource = true;
        uint8_t traits = 0;
        chunk->protocol[i] = protocols.get(""); chunk->application[i] = applications.get("");
        ondemand::object fields = hit["_source"]["@fields"].get_object();
        for (auto field : fields) {
          std::string_view key = field.unescaped_key();
          switch (fieldOf(key)) {
            case SourceIp: source = field.value().get_string(); break;
            case DestIp: destination = field.value().get_string(); break;
            case SourcePort: chunk->sport[i] = (uint16_t)field.value().get_uint64(); break;
            case DestPort: chunk->dport[i] = (uint16_t)field.value().get_uint64(); break;
            case Proto: chunk->protocol[i] = protocols.get(field.value().get_string()); break;
            case Service: chunk->application[i] = applications.get(field.value().get_string()); break;
            case StartTs: start = field.value().get_double(); break;
            case EpochDate: epoch = field.value().get_double(); break;
            case Duration: duration = field.value().get_double(); break;
            case OrigBytes: sent = field.value().get_int64(); break;
            case RespBytes: received = field.value().get_int64(); break;
            case OrigPkts: sentPackets = field.value().get_int64(); break;
            case RespPkts: receivedPackets = field.value().get_int64(); break;
            case MissedOrig: case MissedResp: missed += (int64_t)field.value().get_int64(); break;
            case State: { std::string_view state = field.value().get_string(); if (state == "S0" || state == "REJ") traits |= 4; break; }
            case LocalOrig: localSource = isTrue(field.value()); break;
            case LocalResp: local = isTrue(field.value()); break;
            case OrigCc: country[0] = field.value().get_string(); break;
            case RespCc: country[1] = field.value().get_string(); break;
            case OrigAsn: network[0] = field.value().get_string(); break;
            case RespAsn: network[1] = field.value().get_string(); break;
            default: break;
          }
        }
        chunk->source[i] = hosts.get(source);
        if ((size_t)chunk->source[i] == details.size()) details.push_back({std::string(country[0]), std::string(network[0])});
        chunk->destination[i] = hosts.get(destination);
        if ((size_t)chunk->destination[i] == details.size()) details.push_back({std::string(country[1]), std::string(network[1])});
        chunk->start[i] = (int64_t)((start != 0 ? start : epoch) * 1000 + 0.5);
        chunk->duration[i] = (int32_t)(duration * 1000 + 0.5);
        chunk->bytes[i] = sent + received;
        chunk->sent[i] = sent;
        chunk->packets[i] = sentPackets + receivedPackets;
        chunk->traits[i] = (uint8_t)(traits | (local ? 1 : 2) | (localSource ? 0 : 8));
        if (++chunk->count == Capacity) consume();
      }
      at += length + 1;
    }
    consume();
    double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
    std::cout << seconds << ' ' << rows << ' ' << volume << ' ' << external << ' ' << portsOf.count + applicationsOf.count + peersOf.count << std::endl;
  }
}
