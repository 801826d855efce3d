#!/bin/sh
# Builds a C++ contender, read.cpp or the one named by $2, into the file named by $1. Needs g++ and Debian's libsimdjson-dev.
exec g++ -O3 -march=native -std=c++20 -DNDEBUG "$(dirname "$0")/${2:-read}.cpp" -o "$1" -lsimdjson
