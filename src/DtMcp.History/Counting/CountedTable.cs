using DtMcp.History.Schema;
using DtMcp.History.Wire;

namespace DtMcp.History.Counting;

/// <summary>
/// What is counted: rows of connections, or of the roll-up, which have the figures of all connections of an hour, a pair and a port. Names
/// of columns are the same in both.
/// </summary>
internal sealed class CountedTable
{
    private CountedTable(Sql table, bool isRolled) => (Table, IsRolled) = (table, isRolled);

    public Sql Table { get; }

    public bool IsRolled { get; }

    public static CountedTable Of(HistoryTables tables, bool isRolled) => new(isRolled ? tables.Hours : tables.Conn, isRolled);

    /// <summary>How many connections meet a condition.</summary>
    public Sql Count(Sql condition) => IsRolled ? Sql.Of($"sumIf(connections, {condition})") : Sql.Of($"countIf({condition})");

    public Sql Count() => IsRolled ? Sql.Of($"sum(connections)") : Sql.Of($"count()");

    public Sql Sent => IsRolled ? Sql.Of($"sent") : Sql.Of($"if({RollUp.KnowsSent}, sent, 0)");

    public Sql Received => IsRolled ? Sql.Of($"received") : Sql.Of($"if({RollUp.KnowsSent}, bytes - sent, 0)");

    private Sql LastStart => Sql.Name(IsRolled ? "last" : "start");

    public static Sql First(Sql condition) => Sql.Of($"minIf(start, {condition} AND {RollUp.HasStart})");

    public Sql Last(Sql condition) => Sql.Of($"maxIf({LastStart}, {condition} AND {RollUp.HasStart})");

    /// <summary>Bytes received and sent: as the source saw them where that holds, else as the destination did.</summary>
    public IReadOnlyList<Sql> BytesAs(Sql isSource, Sql condition) =>
    [
        Sql.Of($"sumIf(if({isSource}, {Received}, {Sent}), {condition})"),
        Sql.Of($"sumIf(if({isSource}, {Sent}, {Received}), {condition})"),
    ];

    /// <summary>Bytes received and sent as all ends near saw them.</summary>
    public IReadOnlyList<Sql> BytesNear(RowWords words, Sql condition)
    {
        var isSource = words.NearSource;
        var isDestination = Sql.Of($"({words.NearDestination} AND NOT ({isSource} AND {RowWords.Same}))");
        return
        [
            Sql.Of($"sumIf(if({isSource}, {Received}, 0) + if({isDestination}, {Sent}, 0), {condition})"),
            Sql.Of($"sumIf(if({isSource}, {Sent}, 0) + if({isDestination}, {Received}, 0), {condition})"),
        ];
    }
}
