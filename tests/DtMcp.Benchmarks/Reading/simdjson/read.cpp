// The same work with simdjson's on-demand API: fields in the order in which they come, addresses and names interned in flat tables, details kept once a
// host, rows into columns of 16,384 that the tables consume.
#include <simdjson.h>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <iostream>
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
  std::string line;
  while (std::getline(std::cin, line)) {
    auto began = std::chrono::steady_clock::now();
    ondemand::parser parser;
    padded_string json = padded_string::load(argv[1]);
    ondemand::document doc = parser.iterate(json);
    Interner hosts, protocols, applications;
    std::vector<Details> details;
    auto chunk = std::make_unique<Chunk>();
    std::vector<int64_t> ports(65536), byProtocol(65536), byApplication(65536), far, near;
    int64_t rows = 0, volume = 0, external = 0;

    auto consume = [&] {
      far.resize(hosts.names.size()); near.resize(hosts.names.size());
      for (size_t i = 0; i < chunk->count; i++) {
        volume += chunk->bytes[i];
        ports[chunk->dport[i]]++;
        byProtocol[chunk->protocol[i]]++;
        byApplication[chunk->application[i]] += chunk->bytes[i];
        if (chunk->traits[i] & 2) { external++; far[chunk->destination[i]] += chunk->bytes[i]; near[chunk->source[i]]++; }
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
    std::cout << seconds << ' ' << rows << ' ' << volume << std::endl;
  }
}
