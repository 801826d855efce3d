#!/usr/bin/env bash
# Two clones of a commit in different folders, published each on its own: tells whether assemblies and native program are the same to the byte.
#   bash .ci/long/reproducible.sh        (two publishes: some minutes)
source "$(dirname "$0")/../lib.sh"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for place in one "another/place of the same"; do
  mkdir -p "$work/$place"
  git clone -q --no-hardlinks . "$work/$place/source"
  (cd "$work/$place/source" && dotnet publish src/DtMcp -c Release -r linux-x64 -o ../out -v q -p:UseSharedCompilation=false)
  (cd "$work/$place/source/artifacts/obj" && find . -name 'DtMcp*.dll' -path '*release*' -o -name dtmcp.dll -path '*release*' | grep -v /ref | sort | xargs sha256sum; cd ../../../out && sha256sum dtmcp) >"$work/$(wc -w <<<"$place").txt"
done
diff "$work/1.txt" "$work/4.txt" || fail "the two are not the same"
sed 's/^/  /' "$work/1.txt"
say "two builds in different folders are one"
