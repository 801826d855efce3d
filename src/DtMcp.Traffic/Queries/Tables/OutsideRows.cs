using DtMcp.Darktrace.Reading.Network;

namespace DtMcp.Traffic.Queries.Tables;

/// <summary>Who went out, where to, and who came in.</summary>
internal static class OutsideRows
{
    public static TableRows? Destinations(ConnectivityEvidence evidence) =>
        evidence.Outside is { IsKnown: true } pairs ? Far(pairs.Destinations) : null;

    public static TableRows? Inbound(ConnectivityEvidence evidence) =>
        evidence.Outside is { IsKnown: true } pairs ? Far(pairs.InboundSources) : null;

    public static TableRows? Sources(ConnectivityEvidence evidence)
    {
        if (evidence.Outside is not { IsKnown: true } pairs)
        {
            return null;
        }

        // By bytes only where all have them: those left out would stand last whatever they sent.
        var isWhole = pairs.Sources.All(source => source.Bytes is not null);
        return new TableRows(
            [
                .. pairs.Sources.OrderByDescending(source => isWhole ? source.Bytes : source.Destinations)
                    .ThenBy(source => source.Order, StringComparer.Ordinal)
                    .Select(source => new TableRow
                    {
                        Ip = source.Ip,
                        Did = source.Did,
                        Hostname = source.Hostname,
                        Bytes = source.Bytes,
                        Partners = source.Destinations,
                        IsLacking = source.Bytes is null,
                    }),
            ],
            isWhole ? MeasureKind.Bytes : MeasureKind.Distinct)
        {
            IsWhole = !pairs.HasNamelessSource,
        };
    }

    /// <summary>All hosts outside, whoever began.</summary>
    public static TableRows? All(ConnectivityEvidence evidence)
    {
        if (evidence.External is not { ExternalDevices: { } outside } answer)
        {
            return null;
        }

        var isBytes = ConnectivityParts.IsBytes(answer);
        return new TableRows(
            [
                .. outside.DistinctBy(host => (host.Id, host.Ip)).OrderByDescending(host => host.Size)
                    .Select(host => Row(host, isBytes ? host.Size : null) with { Size = host.Size }),
            ],
            isBytes ? MeasureKind.Bytes : MeasureKind.Size)
        {
            Without = isBytes ? MeasureKind.Size : MeasureKind.Bytes,
        };
    }

    private static TableRows Far(IReadOnlyList<OutsidePairs.FarHost> hosts) => new(
        [
            .. hosts.OrderByDescending(host => host.Bytes ?? -1).ThenBy(host => host.Order, StringComparer.Ordinal)
                .Select(host => Row(host.Host, host.Bytes) with
                {
                    Partners = host.Targets,
                    IsLacking = host.Bytes is null || host.Targets is null,
                }),
        ]);

    private static TableRow Row(ExternalDevice host, long? bytes) => new()
    {
        Ip = host.Ip ?? host.Name,
        Hostname = host.Details.Hostname ?? (host.Name == host.Ip ? null : host.Name),
        Country = host.Details.Country,
        Asn = host.Details.Asn,
        Bytes = bytes,
    };
}
