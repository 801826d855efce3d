# Builds DtMcp ahead of time and ships the program alone, for a user without rights.
# Both base images are build arguments: an air-gapped registry, or images made on the spot (.ci/container.sh), will do.
ARG BUILD_IMAGE=mcr.microsoft.com/dotnet/sdk:10.0-noble-aot
ARG RUNTIME_IMAGE=mcr.microsoft.com/dotnet/runtime-deps:10.0-noble-chiseled

FROM ${BUILD_IMAGE} AS build
WORKDIR /source
COPY global.json Directory.Build.props Directory.Build.targets Directory.Packages.props .editorconfig ./
COPY src/ src/
RUN dotnet publish src/DtMcp -c Release -r linux-x64 -o /out -p:RestoreLockedMode=true && mkdir -p /out/zoneinfo \
    && if [ -d /usr/share/zoneinfo ]; then cp -R /usr/share/zoneinfo/. /out/zoneinfo; fi \
    && rm -rf /out/zoneinfo/posix /out/zoneinfo/right /out/zoneinfo/localtime

# The runtime image holds the C library, OpenSSL and the CA certificates; only the program is added.
FROM ${RUNTIME_IMAGE}
ARG VERSION=0.0.0
LABEL org.opencontainers.image.title="DtMcp" \
      org.opencontainers.image.description="MCP server for investigating network traffic through a Darktrace appliance" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      io.modelcontextprotocol.server.name="io.github.dtmcp/dtmcp"
# Names of time zones (tz=Europe/Berlin); where the build image has none, offsets such as tz=+01:00 still work.
COPY --from=build /out/zoneinfo /usr/share/zoneinfo
COPY --from=build --chmod=0555 /out/dtmcp /usr/local/bin/dtmcp
ENV SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt
USER 1654:1654
# stdio by default; for HTTP: `serve --urls http://0.0.0.0:8080`, with DTMCP_BEARER_TOKEN_FILE. The root may be read-only. As a health check
# of serve, `dtmcp health` (deploy/compose.yaml has it); with stdio the client watches the process.
EXPOSE 8080
ENTRYPOINT ["/usr/local/bin/dtmcp"]
