using DtMcp.History.Wire;

namespace DtMcp.History.Schema;

/// <summary>Takes the names of a part over into the one that replaces it, where they cannot be had anew.</summary>
internal static class NamesOfPart
{
    /// <summary>To be run on each node, for the rows that it has.</summary>
    public static Sql TakeOver(HistoryTables tables, string appliance, ulong from, ulong to) => Sql.Of($"""
        INSERT INTO {HistoryTables.Columns(tables.Local("names"), HistoryTables.NamesColumns)}
        SELECT appliance, day, hour, toUInt64({to}), kind, time, src, host, told, sport, hport, name, answers, failure, agent
        FROM {tables.Local("names")} WHERE appliance = {appliance} AND part = {from}
        """);
}
