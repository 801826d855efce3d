#!/usr/bin/env bash
# Makes what is handed out (eng/release) and tries each on what a user has: dnx and `dotnet tool` from a local feed with nothing else of
# this machine, the tarball, the bundle. `--made` tries what was made before.
source "$(dirname "$0")/lib.sh"
mkdir -p artifacts/ci
feed=$PWD/artifacts/release
version=$(sed -n 's:.*<Version>\(.*\)</Version>.*:\1:p' Directory.Build.props)

step "packages: eng/release"
[ "${1:-}" = --made ] || bash eng/release >artifacts/ci/release.txt 2>&1 || { tail -n 30 artifacts/ci/release.txt; fail "eng/release"; }
(cd "$feed" && sha256sum --quiet -c SHA256SUMS) || fail "checksums"
(cd "$feed" && ls -s --block-size=1K -- *)
! unzip -l "$feed/DtMcp.linux-x64.$version.nupkg" | grep -E '\.(dbg|pdb|xml|dll)$' | grep -vF -e DotnetToolSettings -e '[Content_Types]' || fail "the native package holds more than the program"
[ "$(wc -c <"$feed/DtMcp.linux-x64.$version.nupkg")" -lt 18000000 ] || fail "the native package has grown beyond 18 MB"

step "packages: dnx and dotnet tool, with the SDK, the feed and nothing else"
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
sdk=$(dotnet --list-sdks | sed -n 's:.*\[\(.*\)/sdk\]$:\1:p' | head -n 1)
alone() { env -i HOME="$home" PATH=/usr/bin:/bin DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 "$@"; }
cd "$home"
alone "$sdk/dotnet" dnx "DtMcp@$version" --source "$feed" --yes call summarize_external_traffic --demo >dnx.txt 2>dnx.err || { cat dnx.txt dnx.err; fail "dnx"; }
grep -q '^# summarize_external_traffic' dnx.txt || { cat dnx.txt; fail "dnx does not answer"; }
say "dnx answers: $(grep -m 1 '^totals' dnx.txt)"
alone "$sdk/dotnet" tool install DtMcp --version "$version" --source "$feed" --tool-path "$home/tools" >tool.txt 2>&1 || { cat tool.txt; fail "dotnet tool install"; }
file -L "$home/tools/.store/dtmcp/$version"/dtmcp.linux-x64/*/tools/*/linux-x64/dtmcp | grep -q 'ELF 64-bit' || fail "the tool is not the native program"
session | alone timeout 60 "$home/tools/dtmcp" --demo >tool.out 2>tool.err || { cat tool.err; fail "the tool does not serve"; }
check_session "$home/tool.out"
# what Windows, macOS and the rest get
alone "$sdk/dotnet" tool install DtMcp.any --version "$version" --source "$feed" --tool-path "$home/any" >any.txt 2>&1 || { cat any.txt; fail "the portable package"; }
session | alone env DOTNET_ROOT="$sdk" timeout 60 "$home/any/dtmcp" --demo >any.out 2>any.err || { cat any.err; fail "the portable tool does not serve"; }
check_session "$home/any.out"

step "packages: the tarball"
tar -xzf "$feed/dtmcp-$version-linux-x64.tar.gz"
cd "dtmcp-$version-linux-x64"
alone ./dtmcp call summarize_external_traffic --demo >../tar.txt || fail "the tarball's program"
grep -q '^# summarize_external_traffic' ../tar.txt || fail "the tarball's program does not answer"
! grep . <(alone ./dtmcp --version | grep -vx "$version\(+[0-9a-f]*\)\?") || fail "another version"
PATH=$PWD:$PATH bash -c '
  set -e; source completions/dtmcp
  try() { COMP_LINE=$1 COMP_POINT=${#1} COMPREPLY=(); _dtmcp; printf "%s\n" "${COMPREPLY[@]}"; }
  compopt() { :; }
  diff <(try "dtmcp che") <(echo check)
  diff <(try "dtmcp call summarize_e") <(echo summarize_external_traffic)
  diff <(try "dtmcp call analyze_bandwidth detail=b") <(echo brief)
' || fail "the completions of bash"
if command -v zsh >/dev/null; then zsh -n completions/_dtmcp || fail "the completions of zsh"; fi
if command -v fish >/dev/null; then fish -n completions/dtmcp.fish || fail "the completions of fish"; fi
if command -v systemd-analyze >/dev/null; then
  sed "s:/usr/local/bin/dtmcp:$PWD/dtmcp:" systemd/dtmcp.service >../dtmcp.service
  systemd-analyze verify ../dtmcp.service || fail "the systemd unit"
  say "systemd: $(systemd-analyze security --offline=true ../dtmcp.service 2>/dev/null | tail -n 1)"
fi
cd ..

step "packages: the bundle"
unzip -q "$feed/dtmcp-$version.mcpb" -d bundle
node -e '
  const { server } = JSON.parse(require("fs").readFileSync("bundle/manifest.json"));
  const linux = server.mcp_config.platform_overrides.linux;
  const here = text => text.replace("${__dirname}", process.cwd() + "/bundle");
  console.log([linux.command, "--demo"].map(here).join("\n"));
' >command.txt
chmod +x bundle/server/linux-x64/dtmcp
mapfile -t command <command.txt
session | alone timeout 60 "${command[@]}" >bundle.out 2>bundle.err || { cat bundle.err; fail "the bundle does not serve"; }
check_session "$home/bundle.out"
