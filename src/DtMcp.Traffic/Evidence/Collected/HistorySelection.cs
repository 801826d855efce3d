using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Requests;
using DtMcp.Darktrace.Requests.Searches;
using DtMcp.Darktrace.Values;
using DtMcp.Traffic.Questions;
using DtMcp.Traffic.Questions.Conditions;

namespace DtMcp.Traffic.Evidence.Collected;

/// <summary>Which rows of the history a question selects, and what is near and inside for it.</summary>
internal sealed record HistorySelection
{
    /// <summary>The hours that are held of the window.</summary>
    public required HistorySpan Span { get; init; }

    /// <summary>The window, and the filters that a search takes.</summary>
    public required ConnSearch Search { get; init; }

    public RowConditions Conditions { get; init; } = RowConditions.None;

    public TrafficSide? Side { get; init; }

    /// <summary>Either end is one of these addresses, which are the device's; null where none is asked about.</summary>
    public IReadOnlyList<NetAddress>? Device { get; init; }

    /// <summary>Either end is in it.</summary>
    public AddressRange? Subnet { get; init; }

    public required InternalRanges Internal { get; init; }

    public HistorySides Sides { get; init; } = HistorySides.AsRanges;

    /// <summary>The addresses of the one device that the question is about; null where it is about a subnet or about all devices.</summary>
    public IReadOnlyList<NetAddress>? Near { get; init; }

    /// <summary>The subnet that the question is about.</summary>
    public AddressRange? NearSubnet { get; init; }

    /// <summary>Whether some ends have no address and go by a name: keys are wider then, and slower.</summary>
    public bool HasNameless { get; init; } = true;

    /// <summary>Which columns any row filled.</summary>
    public FlowFields Seen { get; init; }
}

/// <summary>Addresses that the appliance holds for inside or outside against what the ranges say of them.</summary>
internal sealed record HistorySides(IReadOnlyList<NetAddress> Inside, IReadOnlyList<NetAddress> Outside)
{
    public static HistorySides AsRanges { get; } = new([], []);
}
