using DtMcp.Darktrace.Values;

namespace DtMcp.Darktrace.Requests.Searches;

/// <summary>A search for <c>@type:conn</c> records in Advanced Search. Given filters must all match; absent ones are null.</summary>
public sealed record ConnSearch
{
    /// <summary>Connections that start in it, both ends inclusive.</summary>
    public required TimeWindow Window { get; init; }

    /// <summary>Either end is one of these addresses: those of a device.</summary>
    public IReadOnlyList<NetAddress>? Ips { get; init; }

    /// <summary>Either end is this address.</summary>
    public NetAddress? Ip { get; init; }

    /// <summary>Either port.</summary>
    public int? Port { get; init; }

    public int? SourcePort { get; init; }

    public int? DestinationPort { get; init; }

    /// <summary>IP protocol by name; records have it in lower case (<c>tcp</c>).</summary>
    public string? Protocol { get; init; }

    /// <summary>
    /// The record's <c>service</c> is one of these, in Zeek's spelling (<c>http</c>, <c>ssl</c>), which is not the name in <c>/enums</c>.
    /// </summary>
    public IReadOnlyList<string>? Services { get; init; }

    /// <summary>The record has no <c>service</c>; with <see cref="Services"/> or <see cref="UnknownServicePort"/> it is enough.</summary>
    public bool UnknownService { get; init; }

    /// <summary>The record has no <c>service</c> and goes to this port, which is enough beside <see cref="Services"/>.</summary>
    public int? UnknownServicePort { get; init; }

    /// <summary>The most pages that are read at once, each some megabytes; no more than the settings say.</summary>
    public int MostAtOnce { get; init; } = int.MaxValue;

    /// <summary>What must hold besides.</summary>
    public ConnTerm? Where { get; init; }

    /// <summary>What the search says, whatever its window: two that say the same find the same records.</summary>
    public string WordsWithoutWindow() => ConnSearchText.Build(this with { Window = new TimeWindow(0, 0) });
}
