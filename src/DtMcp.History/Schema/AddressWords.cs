using DtMcp.Darktrace.Values;
using DtMcp.History.Wire;

namespace DtMcp.History.Schema;

/// <summary>Addresses and ranges in words of SQL, of the column that holds 16 bytes.</summary>
internal static class AddressWords
{
    private static readonly NetAddress FirstIPv4 = NetAddress.FromIPv4(0);
    private static readonly NetAddress LastIPv4 = NetAddress.FromIPv4(uint.MaxValue);

    public static Sql In(AddressRange range, Sql column)
    {
        var (first, last) = range.Ends();
        return !range.Network.IsIPv4 && first <= FirstIPv4 && LastIPv4.Bits <= last.Bits
            ? Sql.Of($"({Between(column, first, last)} AND NOT {Between(column, FirstIPv4, LastIPv4)})")
            : Between(column, first, last);
    }

    public static Sql In(IEnumerable<AddressRange> ranges, Sql column) => Sql.Any(ranges.Select(range => In(range, column)));

    public static Sql In(IReadOnlyList<NetAddress> addresses, Sql column) => addresses.Count == 0
        ? Sql.Any([])
        : Sql.Of($"{column} IN ({Sql.List(addresses.Select(address => Sql.Of($"{address}")))})");

    private static Sql Between(Sql column, NetAddress first, NetAddress last) => Sql.Of($"({column} >= {first} AND {column} <= {last})");
}
