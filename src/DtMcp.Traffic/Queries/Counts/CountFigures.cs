using DtMcp.Darktrace.Requests.Searches;

namespace DtMcp.Traffic.Queries.Counts;

/// <summary>Figures over the records that meet a condition. Null is unknown, or not there yet: then it is asked for.</summary>
internal sealed class CountFigures(CountLookup counts, CountTerms terms)
{
    public long? Connections(ConnTerm? where) => counts.Total(where);

    /// <summary>Those of one address, from what is asked of either end anyway.</summary>
    public long? ConnectionsOf(ConnTerm? where, ConnTerm source, ConnTerm destination) =>
        counts.Total(CountTerms.And(where, source)) + counts.Total(CountTerms.And(where, ConnTerm.All(destination, source.Not())));

    public long? Bytes(ConnTerm? where) => Both(where, ConnField.OriginatorBytes, ConnField.ResponderBytes);

    public long? Packets(ConnTerm? where) => Both(where, ConnField.OriginatorPackets, ConnField.ResponderPackets);

    public long? Failed(ConnTerm? where) => counts.Total(CountTerms.And(where, CountTerms.Failed));

    /// <summary>The first or the last start, milliseconds since 1970, rounded as rows are.</summary>
    public long? Moment(ConnTerm? where, bool isLast) => counts.Sums(where, ConnField.Start) is { } starts
        && (isLast ? starts.Most : starts.Least) is { } seconds ? (long)Math.Floor((seconds * 1000) + 0.5) : null;

    /// <summary>
    /// Bytes as the device saw them: where it began, what the originator sent is out; where it answered, in. Of a record that does not say
    /// what the originator sent, neither is known.
    /// </summary>
    public long? Direction(ConnTerm? where, bool isIn) =>
        Direction(where, terms.NearSource, terms.NearDestination, terms.IsOneAddress, isIn);

    /// <summary>The same as one address saw them.</summary>
    public long? Direction(ConnTerm? where, ConnTerm source, ConnTerm destination, bool isOneAddress, bool isIn)
    {
        var began = CountTerms.And(where, source);

        // A record that has one address at both ends counts once, as rows do.
        var answered = CountTerms.And(where, isOneAddress ? ConnTerm.All(destination, source.Not()) : destination);
        var (one, other) = (Direction(began, asSource: true, isIn), Direction(answered, asSource: false, isIn));
        return one + other;
    }

    /// <summary>The same as the originators saw them, or the responders.</summary>
    public long? Direction(ConnTerm? where, bool asSource, bool isIn) => AllSaySent() is not { } all ? null
        : asSource != isIn ? Sum(where, ConnField.OriginatorBytes)
        : Sum(all ? where : CountTerms.And(where, ConnTerm.Has(ConnField.OriginatorBytes)), ConnField.ResponderBytes);

    /// <summary>Whether every record says what its originator sent: then bytes in and out add up to all. Null where it is not known
    /// yet.</summary>
    public bool? AllSaySent() =>
        (counts.Sums(null, ConnField.OriginatorBytes), counts.Total(null)) is ({ } sent, { } total) ? sent.Count == total : null;

    private long? Both(ConnTerm? where, ConnField one, ConnField other)
    {
        // Records without any sizes would add up to nothing, which is not 0.
        var (all, allOther) = (counts.Sums(null, one), counts.Sums(null, other));
        var (sum, sumOther) = (Sum(where, one), Sum(where, other));
        return all is { Count: 0 } && allOther is { Count: 0 } && counts.Total(null) > 0 ? null : sum + sumOther;
    }

    private long? Sum(ConnTerm? where, ConnField field) => counts.Sums(where, field)?.Whole;
}
