using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Reading.Companions;
using DtMcp.Darktrace.Requests;
using DtMcp.Darktrace.Values;
using DtMcp.Traffic.Questions.Conditions;

namespace DtMcp.Traffic.Questions;

/// <summary>The device that a question is about.</summary>
/// <param name="Did">Its id, where it is known.</param>
/// <param name="Addresses">Those that it may have had in the window, the present one first.</param>
/// <param name="Details">What is known of it.</param>
internal sealed record DeviceFocus(long? Did, IReadOnlyList<NetAddress> Addresses, HostDetails? Details)
{
    /// <summary>The address that it has now, where that is told.</summary>
    public NetAddress Present { get; private init; }

    /// <summary>Every address that it ever had; null when only one was asked for.</summary>
    private IReadOnlyList<HeldAddress>? Told { get; init; }

    public static DeviceFocus Of(Device device, long did, long startMs) =>
        new DeviceFocus(did, [], device.Details) { Told = device.Addresses }.Since(startMs);

    /// <summary>The same device in a window that starts then.</summary>
    public DeviceFocus Since(long startMs)
    {
        if (Told is null)
        {
            return this;
        }

        List<NetAddress> addresses = [];
        var present = NetAddress.None;
        foreach (var told in Told)
        {
            if (told.MayHoldSince(startMs) && told.Address.IsPresent && !addresses.Contains(told.Address))
            {
                addresses.Add(told.Address);
                present = told.IsPresent ? told.Address : present;
            }
        }

        return this with { Addresses = addresses, Present = present };
    }
}

/// <summary>A question made ready for the appliance: names resolved to ids, and which filters go out and which select rows here.</summary>
internal sealed record Ask
{
    public required TimeWindow Window { get; init; }

    public bool IsRelative { get; init; }

    public bool Refresh { get; init; }

    /// <summary>The evidence that is asked for.</summary>
    public EvidenceWish Evidence { get; init; }

    /// <summary>Filters as asked, resolved. They go out to <c>/network</c>.</summary>
    public required NetworkQuery Filters { get; init; }

    /// <summary>Filters that select rows here: those asked, and those that the tool itself implies (external).</summary>
    public required NetworkQuery RowFilters { get; init; }

    /// <summary>Filters that only rows can be selected by.</summary>
    public RowConditions Conditions { get; init; } = RowConditions.None;

    public DeviceFocus? Focus { get; init; }

    /// <summary>The subnet in question: a CIDR selects rows here, since <c>/network</c> takes ids only.</summary>
    public AddressRange? Subnet { get; init; }

    /// <summary>The subnet's id at the appliance, where it has one.</summary>
    public long? SubnetId { get; init; }

    /// <summary>Whether bytes by device and hour are wanted, which the row shape gives as a series only.</summary>
    public bool WantsSeries { get; init; }

    /// <summary>
    /// Whether records are read even where <c>/network</c> gives rows, which do not say who sent how much: in several requests, not one.
    /// </summary>
    public bool WantsDirections { get; init; }

    /// <summary>Whether the peers outside are wanted beside everything else (the raw answer).</summary>
    public bool WantsOutside { get; init; }

    /// <summary>Whether it is wanted what each device received and sent itself, of the first <see cref="Rows"/> of them.</summary>
    public bool WantsOwnBytes { get; init; }

    /// <summary>Most rows of a table that are shown.</summary>
    public int Rows { get; init; } = 10;

    /// <summary>What went wrong on the way without spoiling the answer.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>The same question about another window.</summary>
    public Ask In(TimeWindow window) => this with { Window = window, IsRelative = false, Focus = Focus?.Since(window.StartMs) };

    public bool HasFocus => Focus is not null || Filters.Did is not null || Filters.Ip is not null;
}
