using DtMcp.Darktrace.Requests.Searches;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic.Evidence.Counts;

/// <summary>
/// Which ends are inside, as a search says it: by the appliance's own word in each record, else by ranges; the same rule as
/// <see cref="InternalRanges"/> has for rows.
/// </summary>
internal sealed class InsideTerms
{
    public InsideTerms(InternalRanges ranges)
    {
        (SourceInside, SourceIsDevice) = Of(ranges, ConnField.SourceIp, ConnField.LocalOriginator);
        (DestinationInside, DestinationIsDevice) = Of(ranges, ConnField.DestinationIp, ConnField.LocalResponder);
        UsesWord = !ranges.IsGiven;
    }

    public ConnTerm SourceInside { get; }

    public ConnTerm DestinationInside { get; }

    public ConnTerm SourceIsDevice { get; }

    public ConnTerm DestinationIsDevice { get; }

    /// <summary>Whether the appliance's own word decides where there is one.</summary>
    public bool UsesWord { get; }

    public ConnTerm Internal => ConnTerm.All(SourceInside, DestinationInside);

    public ConnTerm External => Internal.Not();

    private static (ConnTerm Inside, ConnTerm Device) Of(InternalRanges ranges, ConnField address, ConnField local)
    {
        var never = ConnTerm.In(address, InternalRanges.NeverOutside);
        var own = ranges.Own.Count == 0 ? null : ConnTerm.In(address, ranges.Own);
        if (ranges.IsGiven)
        {
            return (own is null ? never : ConnTerm.Any(never, own), own ?? Nothing(address));
        }

        var said = ConnTerm.Any(ConnTerm.Is(local, "true"), ConnTerm.All(ConnTerm.Has(local).Not(), own!));
        return (ConnTerm.Any(said, never), ConnTerm.All(said, never.Not()));
    }

    private static ConnTerm Nothing(ConnField address) => ConnTerm.Has(address).Not();
}
