// The same work with simdjson's on-demand API: fields in the order in which they come, addresses and names interned in flat tables, details kept once a
// host, rows into columns of 16,384 that the tables consume.
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

struct Details { std::string hostname, label; int64_t did = 0; };

constexpr size_t Capacity = 16384;
struct Chunk {
  size_t count = 0;
  int64_t start[Capacity], bytes[Capacity], packets[Capacity];
  int32_t duration[Capacity], source[Capacity], destination[Capacity];
  uint16_t sport[Capacity], dport[Capacity], protocol[Capacity], application[Capacity];
  uint8_t traits[Capacity];
};

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
    ondemand::document doc = parser.iterate(json.data(), size, json.size());
    Interner hosts, protocols, applications;
    std::vector<Details> details;
    chunk->count = 0;
    for (auto* table : {&sports, &dports, &byProtocol, &byApplication}) table->assign(65536, {});
    for (auto* table : {&far, &near}) table->clear();
    for (auto* pairs : {&portsOf, &applicationsOf, &peersOf}) pairs->clear();
    int64_t rows = 0, volume = 0, external = 0;

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
    auto host = [&](ondemand::object device) {
      int64_t did = device.find_field("did").get_int64();
      std::string_view ip = device.find_field("ip").get_string();
      std::string_view name = device.find_field("hostname").get_string();
      std::string_view label = device.find_field("devicelabel").get_string();
      int32_t id = hosts.get(ip);
      if ((size_t)id == details.size()) details.push_back({std::string(name), std::string(label), did});
      return id;
    };

    for (ondemand::object row : doc["traffic"].get_array()) {
      size_t i = chunk->count;
      chunk->source[i] = host(row.find_field("sourcedevice").get_object());
      chunk->destination[i] = host(row.find_field("destinationdevice").get_object());
      chunk->protocol[i] = protocols.get(row.find_field("protocol").get_string());
      chunk->sport[i] = (uint16_t)row.find_field("sourceport").get_uint64();
      chunk->dport[i] = (uint16_t)row.find_field("destinationport").get_uint64();
      chunk->application[i] = applications.get(row.find_field("applicationprotocol").get_string());
      chunk->bytes[i] = row.find_field("bytes").get_int64();
      chunk->packets[i] = row.find_field("packets").get_int64();
      chunk->duration[i] = (int32_t)(int64_t)row.find_field("duration").get_int64() * 1000;
      chunk->start[i] = row.find_field("starttime").get_int64();
      (void)(int64_t)row.find_field("endtime").get_int64();
      std::string_view direction = row.find_field("direction").get_string();
      uint8_t traits = direction == "internal" ? 1 : direction == "external" ? 2 : 0;
      for (std::string_view flag : row.find_field("flags").get_array()) if (flag == "failed" || flag == "rejected") traits |= 4;
      chunk->traits[i] = traits;
      if (++chunk->count == Capacity) consume();
    }
    consume();
    double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
    std::cout << seconds << ' ' << rows << ' ' << volume << ' ' << external << ' ' << portsOf.count + applicationsOf.count + peersOf.count << std::endl;
  }
}
