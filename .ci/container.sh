#!/usr/bin/env bash
# Builds the Dockerfile and serves a stdio and an HTTP session from the image (`--save FILE` keeps it as an OCI archive), on a machine without a container engine or a registry:
# buildah comes from Debian, and both base images are made here, from this machine's own SDK and libraries.
source "$(dirname "$0")/lib.sh"
mkdir -p artifacts/ci/container
save=
[ "${1:-}" != --save ] || save=$(realpath -m "$2")
work=$PWD/artifacts/ci/container

step "container: buildah"
root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }
if ! command -v buildah >/dev/null; then
  root apt-get update -qq
  root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends buildah >artifacts/ci/apt.txt 2>&1 || { tail -n 20 artifacts/ci/apt.txt; fail "buildah cannot be installed"; }
fi
buildah --version
# Storage of its own, so that nothing of the machine's is touched; vfs and chroot need no kernel feature that a CI machine may withhold.
images() { root timeout 900 buildah --storage-driver vfs --root "$work/storage" --runroot "$work/run" "$@"; }
clean() { root rm -rf "$work/storage" "$work/run" "$work/runtime" "$work/build"; }
trap clean EXIT
clean

step "container: the runtime base image (C library, OpenSSL, CA certificates)"
base=$work/runtime
mkdir -p "$base"/{etc/ssl/certs,tmp,usr/local/bin}
chmod 1777 "$base/tmp"
libraries=$(ldconfig -p | awk '/x86-64/ && /lib(ssl|crypto)\.so\.3 / { print $NF }' | sort -u)
[ -n "$libraries" ] || fail "OpenSSL 3 is not on this machine"
# what the program and OpenSSL are linked to, the loader included
{ printf '%s\n' $libraries; ldd "$DTMCP" $libraries | awk '/=> \// { print $3 } /^[[:space:]]*\/.*ld-linux/ { print $1 }'; } | sort -u |
  while read -r file; do install -D -m 0755 "$(readlink -f "$file")" "$base$file"; done
cp -L /etc/ssl/certs/ca-certificates.crt "$base/etc/ssl/certs/"
printf 'root:x:0:0::/:/sbin/nologin\napp:x:1654:1654::/tmp:/sbin/nologin\n' >"$base/etc/passwd"
printf 'root:x:0:\napp:x:1654:\n' >"$base/etc/group"
printf 'FROM scratch\nCOPY . /\n' | images bud -q -t dtmcp-runtime-base -f - "$base" >/dev/null
(cd "$base" && find . -type f -printf '  %p %k KiB\n' | sort)

step "container: the build base image (this machine's SDK, mounted while it builds)"
sdk=$(dirname "$(readlink -f "$(command -v dotnet)")")
packages=${NUGET_PACKAGES:-$HOME/.nuget/packages}
base=$work/build
mkdir -p "$base"/{usr,etc/ssl,tmp,root,proc,sys,dev,opt,var/tmp} "$base$sdk" "$base/root/.nuget/packages"
for link in bin sbin lib lib64; do ln -s "usr/$link" "$base/$link"; done
cp -rL /etc/ssl/certs "$base/etc/ssl/" 2>/dev/null || true
cp /etc/passwd /etc/group /etc/nsswitch.conf "$base/etc/" 2>/dev/null || true
cp -rP /etc/alternatives "$base/etc/" 2>/dev/null || true
printf 'FROM scratch\nCOPY . /\nENV PATH=%s:/usr/local/bin:/usr/bin:/bin HOME=/root DOTNET_ROOT=%s DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1\n' "$sdk" "$sdk" |
  images bud -q -t dtmcp-build-base -f - "$base" >/dev/null
mounts=(-v /usr:/usr:ro -v "$packages:/root/.nuget/packages")
case $sdk in /usr/*) ;; *) mounts+=(-v "$sdk:$sdk:ro") ;; esac
[ -d "$HOME/.nuget/NuGet" ] && mounts+=(-v "$HOME/.nuget/NuGet:/root/.nuget/NuGet:ro")

step "container: the Dockerfile"
version=$(sed -n 's:.*<Version>\(.*\)</Version>.*:\1:p' Directory.Build.props)
images bud --isolation chroot --network host --pull-never "${mounts[@]}" \
  --build-arg BUILD_IMAGE=localhost/dtmcp-build-base --build-arg RUNTIME_IMAGE=localhost/dtmcp-runtime-base \
  --build-arg VERSION="$version" -t dtmcp -f Dockerfile . 2>&1 | tee artifacts/ci/container/bud.txt
! grep -E 'warning [A-Z]+[0-9]+' artifacts/ci/container/bud.txt || fail "the build in the image warns"

step "container: what is in it"
user=$(images inspect --type image --format '{{.OCIv1.Config.User}}' dtmcp)
[ "${user%%:*}" != root ] && [ "${user%%:*}" != 0 ] && [ -n "$user" ] || fail "the image runs as '$user'"
labels=$(images inspect --type image --format '{{.OCIv1.Config.Labels}}' dtmcp)
[[ $labels == *"org.opencontainers.image.version:$version"* && $labels == *"io.modelcontextprotocol.server.name:io.github.dtmcp/dtmcp"* ]] ||
  fail "the labels are $labels"
container=$(images from --pull-never dtmcp)
mounted=$(images mount "$container")
root find "$mounted" -xdev -type f -printf '  /%P %k KiB\n' | sort
! root find "$mounted" -type f \( -name '*.dbg' -o -name '*.dll' -o -name '*.pdb' -o -name '*.json' -o -name '*.cs' -o -name sh -o -name bash \) | grep . || fail "the last stage holds more than the program, its libraries and CA certificates"
say "user $user, $(root du -sm "$mounted" | cut -f1) MiB"

step "container: a stdio session"
touch artifacts/ci/container/before
session | images run --isolation chroot "$container" -- /usr/local/bin/dtmcp --demo \
  >artifacts/ci/container/stdio.out 2>artifacts/ci/container/stdio.err || { cat artifacts/ci/container/stdio.err; fail "the image does not serve a stdio session"; }
check_session artifacts/ci/container/stdio.out

step "container: an HTTP session, and the health check"
port=$(free_port)
images run --isolation chroot "$container" -- /usr/local/bin/dtmcp serve --demo --urls "http://127.0.0.1:$port" \
  >artifacts/ci/container/serve.out 2>artifacts/ci/container/serve.err &
serving=$!
waited=0
until images run --isolation chroot "$container" -- /usr/local/bin/dtmcp health --url "http://127.0.0.1:$port" >artifacts/ci/container/health.out 2>&1; do
  [ "$((waited += 1))" -le 30 ] || { cat artifacts/ci/container/{serve.err,health.out}; fail "the image does not serve HTTP"; }
  sleep 0.5
done
curl -fsS -m 30 -H 'Content-Type: application/json' -H 'Accept: application/json, text/event-stream' -H 'MCP-Protocol-Version: 2025-11-25' \
  -d '{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"summarize_external_traffic","arguments":{"last":"24h"}}}' \
  "http://127.0.0.1:$port/mcp" | grep -q '# summarize_external_traffic' || fail "the image does not answer over HTTP"
say "health: $(cat artifacts/ci/container/health.out)"
root pkill -f -x "/usr/local/bin/dtmcp serve --demo --urls http://127.0.0.1:$port" || fail "the server in the image had ended"
wait "$serving" 2>/dev/null || true
! root find "$mounted" -xdev -type f -newer artifacts/ci/container/before ! -path '*/etc/hosts' ! -path '*/etc/resolv.conf' ! -path '*/etc/hostname' | grep . ||
  fail "the program wrote the files above: a read-only root would not do"
say "nothing was written: a read-only root will do"
images rm "$container" >/dev/null
[ -z "$save" ] || { images push -q dtmcp "oci-archive:$save:dtmcp:$version" && root chown "$(id -u):$(id -g)" "$save"; }
