using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Reading.Network;
using DtMcp.Darktrace.Values;
using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Evidence;

namespace DtMcp.Traffic.Queries.Tables;

/// <summary>
/// Parts of the guide's answers, a device's internal and external halves side by side: each row once, sums of both. Names are Zeek's, in
/// lower case, as in rows.
/// </summary>
internal static class ConnectivityParts
{
    public const string Unknown = "unknown";

    /// <summary>Whether the answers know of nothing at all in their window.</summary>
    public static bool IsEmpty(ConnectivityHalves answers) => answers.All.All(answer =>
        answer is { Devices: null or [], ExternalDevices: null or [], Connections: null or [], Peers: null or [], Protocols: null or [] });

    /// <summary>A panel by name over all halves; null when none has it.</summary>
    public static List<(string Name, InOut Bytes)>? Named(ConnectivityHalves answers, Func<Connectivity, IReadOnlyList<NamedBytes>?> panel,
        Func<string, string>? told = null)
    {
        Dictionary<string, InOut> sums = new(StringComparer.OrdinalIgnoreCase);
        var seen = false;
        foreach (var rows in answers.Summed.Select(panel).OfType<IReadOnlyList<NamedBytes>>())
        {
            seen = true;
            foreach (var row in rows)
            {
                var name = told is null ? row.Name : told(row.Name);
                sums[name] = sums.TryGetValue(name, out var known) ? Sum(known, row.Bytes) : row.Bytes;
            }
        }

        return seen
            ? [.. sums.Select(pair => (pair.Key, pair.Value)).OrderByDescending(row => row.Value.Total).ThenBy(row => row.Key,
                StringComparer.Ordinal)]
            : null;
    }

    /// <summary>Bytes of everything, by the panel that counts each connection once.</summary>
    public static long? TotalBytes(ConnectivityHalves answers) => Named(answers, answer => answer.Protocols)?.Total(row => row.Bytes.Total);

    /// <summary>Both sides; null where neither is known.</summary>
    public static long? Told(InOut bytes) => bytes is { In: null, Out: null } ? null : bytes.Total;

    public static bool IsBytes(Connectivity answer) =>
        answer.Metric?.Units is null or "bytes" or "" || answer.Metric.Name?.Contains("volume", StringComparison.OrdinalIgnoreCase) == true;

    public static InOut Sum(InOut a, InOut b) =>
        new(a.In is null && b.In is null ? null : (a.In ?? 0) + (b.In ?? 0),
            a.Out is null && b.Out is null ? null : (a.Out ?? 0) + (b.Out ?? 0));
}

/// <summary>A peer with all that one answer says of it.</summary>
internal sealed record Peer(string? Ip, long? Did, string? Hostname, HostDetails? Details, InOut Bytes)
{
    public NetAddress Address { get; init; }

    public string Order => Ip ?? Hostname ?? "";
}

/// <summary>
/// Joins the panel's peers to their entries: its <c>ip</c> may be a host name for those outside, which <c>externaldevices[]</c> turns back
/// into an address.
/// </summary>
internal sealed class PeerBook
{
    private readonly Dictionary<string, ConnectivityDevice> _devices = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, ExternalDevice?> _outside = new(StringComparer.OrdinalIgnoreCase);

    public PeerBook(Connectivity answer)
    {
        foreach (var device in answer.Devices ?? [])
        {
            if (device.Ip is { } ip)
            {
                _devices.TryAdd(ip, device);
            }
        }

        foreach (var outside in answer.ExternalDevices ?? [])
        {
            foreach (var name in new[] { outside.Ip, outside.Name, outside.Details.Hostname }.OfType<string>())
            {
                if (!_outside.TryAdd(name, outside) && _outside[name] != outside)
                {
                    // A name that several hosts have is no key to one of them.
                    _outside[name] = null;
                }
            }
        }
    }

    public Peer Find(PeerBytes row)
    {
        var ip = row.Ip ?? row.Device;
        if (_devices.TryGetValue(ip, out var device))
        {
            return new Peer(ip, device.Did, device.Details.Hostname ?? row.Device, device.Details, row.Bytes) { Address = device.Address };
        }

        if ((_outside.GetValueOrDefault(ip) ?? _outside.GetValueOrDefault(row.Device)) is { } outside)
        {
            return new Peer(outside.Ip, null, outside.Details.Hostname ?? outside.Name ?? row.Device, outside.Details, row.Bytes)
            {
                Address = outside.Address,
            };
        }

        return new Peer(row.Address.IsPresent ? ip : null, null, row.Device, null, row.Bytes) { Address = row.Address };
    }
}
