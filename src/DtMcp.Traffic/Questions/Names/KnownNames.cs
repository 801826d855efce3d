using System.Globalization;
using DtMcp.Darktrace.Values;

namespace DtMcp.Traffic.Questions.Names;

/// <summary>
/// What entries of names say of a window, read before its traffic: for groups by name, and for what a hunt looks for in names.
/// </summary>
public sealed class KnownNames
{
    private static long _last;

    private readonly long _number = Interlocked.Increment(ref _last);

    /// <summary>
    /// Which it is: what was found with it is found again with it alone. Where no names are known it is what it says of that.
    /// </summary>
    public string Identity => OfHosts.Count + Tunnels.Count + Nowhere.Count == 0
        ? string.Join('\n', Notes)
        : _number.ToString(CultureInfo.InvariantCulture);

    /// <summary>Names of far ends.</summary>
    public IReadOnlyDictionary<NetAddress, string> OfHosts { get; init; } = new Dictionary<NetAddress, string>();

    /// <summary>Domains of which a device looked many names up.</summary>
    public IReadOnlyList<Tunnel> Tunnels { get; init; } = [];

    /// <summary>Devices that asked for domains that nobody has.</summary>
    public IReadOnlyList<NowhereDomains> Nowhere { get; init; } = [];

    /// <summary>What a reader should know of them: that there are none, or not all.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}
