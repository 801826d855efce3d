using DtMcp.Darktrace.Reading.NameRecords;
using DtMcp.Darktrace.Requests.Searches;
using DtMcp.Darktrace.Values;

namespace DtMcp.Traffic.Evidence.NameEntries;

/// <summary>What names are asked for. Joined by AND; empty is no filter.</summary>
/// <param name="Window">Both ends inclusive.</param>
/// <param name="Sources">The addresses of the device that asked or called.</param>
/// <param name="Hosts">The addresses that names stand for.</param>
/// <param name="Pattern">A name, with <c>*</c> for anything.</param>
internal sealed record NameAsk(TimeWindow Window, IReadOnlyList<NetAddress> Sources, IReadOnlyList<NetAddress> Hosts, string? Pattern)
{
    public NameSearch Of(NameKind kind) => new()
    {
        Kind = kind,
        Window = Window,
        Sources = Sources,
        Hosts = Hosts,
        Pattern = Pattern,
    };
}

/// <summary>Names as they were read.</summary>
internal sealed record NameEvidence
{
    public required IReadOnlyList<(NameKind Kind, NameRecord Record)> Records { get; init; }

    /// <summary>Entries that match, by the appliance's count; those read where it gives none.</summary>
    public long Total { get; init; }

    /// <summary>Whether all that match were read.</summary>
    public bool IsWhole { get; init; } = true;

    /// <summary>
    /// How often others looked a name up or called it; a name that is not there was not checked. Null where no device was asked about.
    /// </summary>
    public IReadOnlyDictionary<string, long>? OfOthers { get; init; }

    public IReadOnlyList<string> Notes { get; init; } = [];
}
