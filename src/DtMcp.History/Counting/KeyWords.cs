using DtMcp.History.Schema;
using DtMcp.History.Wire;
using DtMcp.Traffic.Evidence.Collected;
using DtMcp.Traffic.Queries;

namespace DtMcp.History.Counting;

/// <summary>How a key is read from an answer.</summary>
internal enum KeyKind
{
    /// <summary>An address.</summary>
    Address,

    /// <summary>An address, whether it is lacking, and a name then.</summary>
    Endpoint,
    Word,
    Port,
    Small,
    Time,
}

/// <summary>A key of a row.</summary>
/// <param name="Kind">How it is read.</param>
/// <param name="Columns">What rows are grouped by.</param>
/// <param name="Exists">Whether a row has it.</param>
/// <param name="IsSource">Whether bytes by direction are those that the source saw; null where they are as those near saw them.</param>
internal sealed record KeyWords(KeyKind Kind, IReadOnlyList<Sql> Columns, Sql Exists, Sql? IsSource)
{
    private static readonly Sql Yes = Sql.Of($"1");
    private static readonly Sql No = Sql.Of($"0");

    /// <summary>The key of a dimension, or the second where a row has one.</summary>
    /// <param name="by">The dimension.</param>
    /// <param name="isSecond">Whether the second is asked for.</param>
    /// <param name="words">What rows meet.</param>
    /// <param name="withNames">Whether some ends have no address.</param>
    /// <param name="stepMs">The length of steps of time.</param>
    public static KeyWords Of(Dimension by, bool isSecond, RowWords words, bool withNames, long stepMs)
    {
        var touches = Sql.Of($"({words.NearSource} OR {words.NearDestination})");
        return by switch
        {
            Dimension.Device or Dimension.DeviceSubnet => isSecond
                ? OfEnd(End.Destination, words.Both, No, withNames)
                : OfEither(words.NearSource, touches, words.NearSource, withNames),
            Dimension.Peer or Dimension.Subnet => isSecond
                ? OfEnd(End.Source, words.Both, No, withNames)
                : OfEither(Sql.Of($"NOT {words.NearSource}"), touches, words.NearSource, withNames),
            Dimension.Endpoint => isSecond
                ? OfEnd(End.Destination, Sql.Of($"NOT {RowWords.Same}"), null, withNames)
                : OfEnd(End.Source, Yes, null, withNames),
            Dimension.Source => OfEnd(End.Source, Yes, Yes, withNames),
            Dimension.Destination => OfEnd(End.Destination, Yes, No, withNames),
            Dimension.Country or Dimension.Asn or Dimension.Name =>
                OfEither(Sql.Of($"NOT {words.GoesOut}"), words.External, null, withNames),
            Dimension.Protocol => One(KeyKind.Word, "protocol"),
            Dimension.ApplicationProtocol => One(KeyKind.Word, "service"),
            Dimension.SourcePort => One(KeyKind.Port, "sport"),
            Dimension.DestinationPort => One(KeyKind.Port, "dport"),
            Dimension.State => new(KeyKind.Small, [RowWords.State], Yes, null),
            Dimension.Direction => new(KeyKind.Small, [words.Direction], Yes, null),
            Dimension.Hour or Dimension.Interval =>
                new(KeyKind.Time, [Sql.Of($"intDiv(start, {stepMs}) * {stepMs}")], RollUp.HasStart, null),
            _ => throw new NotCountedException($"{by} is no dimension of rows."),
        };
    }

    /// <summary>The other end of a group.</summary>
    public static KeyWords Peer(HistoryGroups groups, RowWords words, bool withNames)
    {
        var by = IsOfOneEnd(groups.By) || groups.By.IsOfEndpoint() ? groups.By : groups.Then;
        if (by is { } end && IsOfOneEnd(end))
        {
            var own = Of(end, groups.IsSecond, words, withNames, groups.StepMs);
            // Peers see their bytes as those near do, so that the other end of a peer is the one that saw them.
            return OfEither(end is Dimension.Peer or Dimension.Subnet ? own.IsSource! : Sql.Of($"NOT {own.IsSource!}"), own.Exists, null,
                withNames);
        }

        if (by is { } outside && outside.IsOfEndpoint())
        {
            return OfEither(words.GoesOut, words.External, null, withNames);
        }

        return groups.Of!.Value.IsSecondPeer
            ? OfEnd(End.Source, words.Both, null, withNames)
            : OfEither(Sql.Of($"NOT {words.NearSource}"), Sql.Of($"({words.NearSource} OR {words.NearDestination})"), null, withNames);
    }

    /// <summary>Whether groups are one end of their connections.</summary>
    public static bool IsOfOneEnd(Dimension by) => by.IsByDevice() || by is Dimension.Source or Dimension.Destination;

    private static KeyWords One(KeyKind kind, string column) => new(kind, [Sql.Name(column)], Yes, null);

    private static KeyWords OfEnd(End end, Sql exists, Sql? isSource, bool withNames) => withNames
        ? new(KeyKind.Endpoint, [end.Address, end.Lacks, end.Name], exists, isSource)
        : new(KeyKind.Address, [end.Address], exists, isSource);

    // The source where that holds, else the destination.
    private static KeyWords OfEither(Sql source, Sql exists, Sql? isSource, bool withNames) => withNames
        ? new(
            KeyKind.Endpoint,
            [
                Either(source, End.Source.Address, End.Destination.Address), Either(source, End.Source.Lacks, End.Destination.Lacks),
                Either(source, End.Source.Name, End.Destination.Name),
            ],
            exists, isSource)
        : new(KeyKind.Address, [Either(source, End.Source.Address, End.Destination.Address)], exists, isSource);

    private static Sql Either(Sql condition, Sql yes, Sql no) => Sql.Of($"if({condition}, {yes}, {no})");
}
