#!/usr/bin/env bash
# Makes what is handed out with the native program for arm64 (eng/release --arm64) and tries that program under qemu: a call, a session,
# and that its package is one the tool of another machine would take. Ten minutes; installs Debian's cross compiler.
source "$(dirname "$0")/../lib.sh"
mkdir -p artifacts/ci
bash eng/arm64-tools >artifacts/ci/arm64-tools.txt 2>&1 || { tail -n 20 artifacts/ci/arm64-tools.txt; fail "eng/arm64-tools"; }
feed=$PWD/artifacts/release-arm64
version=$(sed -n 's:.*<Version>\(.*\)</Version>.*:\1:p' Directory.Build.props)

step "arm64: eng/release"
bash eng/release --arm64 --out "$feed" >artifacts/ci/release-arm64.txt 2>&1 || { tail -n 30 artifacts/ci/release-arm64.txt; fail "eng/release --arm64"; }
(cd "$feed" && sha256sum --quiet -c SHA256SUMS && ls -s --block-size=1K -- *)
unzip -p "$feed/DtMcp.$version.nupkg" 'tools/*/any/DotnetToolSettings.xml' | grep -q 'DtMcp.linux-arm64' || fail "the package does not name the one for arm64"

step "arm64: the tarball, under qemu"
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
tar -xzf "$feed/dtmcp-$version-linux-arm64.tar.gz" -C "$home"
program=$home/dtmcp-$version-linux-arm64/dtmcp
file "$program" | grep -q 'ARM aarch64' || fail "the program is not for arm64"

# What the program loads by name, as a machine for arm64 has it: Debian's OpenSSL, unpacked and not installed.
libraries=$home/libraries
(
  cd "$home"
  had=$(dpkg --print-foreign-architectures | grep -x arm64 || true)
  [ -n "$had" ] || { dpkg --add-architecture arm64; trap 'dpkg --remove-architecture arm64' EXIT; apt-get update -q; }
  apt-get download -q libssl3:arm64 && dpkg -x libssl3_*_arm64.deb "$libraries"
) >artifacts/ci/arm64-libraries.txt 2>&1 || { tail -n 5 artifacts/ci/arm64-libraries.txt; fail "OpenSSL for arm64"; }
emulated() {
  timeout 600 qemu-aarch64 -L /usr/aarch64-linux-gnu -E LD_LIBRARY_PATH="$libraries/usr/lib/aarch64-linux-gnu" "$program" "$@"
}
emulated call summarize_external_traffic --demo >"$home/call.txt" || fail "the program does not answer"
grep -q '^# summarize_external_traffic' "$home/call.txt" || { cat "$home/call.txt"; fail "the program answers something else"; }
say "arm64 answers: $(grep -m 1 '^totals' "$home/call.txt")"
session | emulated --demo >"$home/session.out" 2>"$home/session.err" || { cat "$home/session.err"; fail "the program does not serve"; }
check_session "$home/session.out"
say "arm64: done"
