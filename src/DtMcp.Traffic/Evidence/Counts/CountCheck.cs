using DtMcp.Darktrace.Requests.Searches;
using DtMcp.Darktrace.Values;
using DtMcp.Traffic.Queries;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic.Evidence.Counts;

/// <summary>
/// Whether an appliance takes the words of counts as they are meant. How it keeps addresses and truths is not documented; where a range
/// compared letters, or a truth was another word, figures would be wrong without a sign of it. So it is tried before anything is told.
/// </summary>
internal static class CountCheck
{
    /// <summary>Connections that carry ports: ICMP has a type and a code there.</summary>
    public static ConnTerm HasPorts { get; } = ConnTerm.Any(
        ConnTerm.Is(ConnField.Protocol, "icmp"), ConnTerm.Is(ConnField.Protocol, "icmp6"), ConnTerm.Is(ConnField.Protocol, "icmpv6")).Not();

    /// <summary>
    /// The commonest sources within the inside ranges are within them, those of the rest are not; and the appliance's own word of each
    /// record is true, false or not there.
    /// </summary>
    public static bool IsRight(CountLookup counts, InsideTerms inside, InternalRanges ranges)
    {
        var own = ranges.Own.Count > 0 ? ranges.Own : InternalRanges.NeverOutside;
        var within = ConnTerm.In(ConnField.SourceIp, own);
        var isRight = AreAll(counts, within, address => own.Any(range => range.Contains(address)))
            & AreAll(counts, within.Not(), address => !own.Any(range => range.Contains(address)));
        return inside.UsesWord
            ? isRight & IsWhole(counts, ConnField.LocalOriginator) & IsWhole(counts, ConnField.LocalResponder)
            : isRight;
    }

    private static bool AreAll(CountLookup counts, ConnTerm where, Func<NetAddress, bool> isRight) =>
        counts.Values(where, ConnField.SourceIp) is { } values
            && values.Values.All(value => !NetAddress.TryParse(value.Key, out var address) || isRight(address));

    private static bool IsWhole(CountLookup counts, ConnField word)
    {
        var (yes, no) = (counts.Total(ConnTerm.Is(word, "true")), counts.Total(ConnTerm.Is(word, "false")));
        var (none, all) = (counts.Total(ConnTerm.Has(word).Not()), counts.Total(null));
        return yes + no + none == all;
    }
}
