using DtMcp.Darktrace.Requests.Searches;

namespace DtMcp.Traffic.Queries.Counts;

/// <summary>Figures over the records that meet a condition. Null is unknown, or not there yet: then it is asked for.</summary>
internal sealed class CountFigures(CountLookup counts, CountTerms terms)
{
    public long? Connections(ConnTerm? where) => counts.Total(where);

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
    public (long? In, long? Out) Directions(ConnTerm? where) =>
        Directions(where, terms.NearSource, terms.NearDestination, terms.IsOneAddress);

    /// <summary>The same as one address saw them.</summary>
    public (long? In, long? Out) Directions(ConnTerm? where, ConnTerm source, ConnTerm destination, bool isOneAddress)
    {
        var began = CountTerms.And(where, source);

        // A record that has one address at both ends counts once, as rows do.
        var answered = CountTerms.And(where, isOneAddress ? ConnTerm.All(destination, source.Not()) : destination);
        var hasSent = ConnTerm.Has(ConnField.OriginatorBytes);
        if (AllSaySent() is not { } all)
        {
            return default;
        }

        var sent = Sum(began, ConnField.OriginatorBytes);
        var received = Sum(all ? began : CountTerms.And(began, hasSent), ConnField.ResponderBytes);
        var came = Sum(answered, ConnField.OriginatorBytes);
        var went = Sum(all ? answered : CountTerms.And(answered, hasSent), ConnField.ResponderBytes);
        return (received + came, sent + went);
    }

    // Whether every record says what its originator sent; null where it is not known yet.
    private bool? AllSaySent() =>
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
