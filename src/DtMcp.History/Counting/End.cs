using DtMcp.Darktrace.Values;
using DtMcp.History.Schema;
using DtMcp.History.Wire;

namespace DtMcp.History.Counting;

/// <summary>One of the two ends of a row.</summary>
internal sealed class End
{
    private End(string column, byte lacking, byte neverOutside, byte own)
    {
        (Address, Name) = (Sql.Name(column), Sql.Name(column + "_name"));
        Lacks = Sql.Of($"bitAnd(lacking, {(long)lacking}) != 0");
        (NeverOutside, Private) = (neverOutside, own);
    }

    public static End Source { get; } = new("src", 1, SidesOfRow.SourceNeverOutside, SidesOfRow.SourcePrivate);

    public static End Destination { get; } = new("dst", 2, SidesOfRow.DestinationNeverOutside, SidesOfRow.DestinationPrivate);

    public static IReadOnlyList<End> Both { get; } = [Source, Destination];

    public Sql Address { get; }

    /// <summary>What it is known by where it has no address.</summary>
    public Sql Name { get; }

    /// <summary>Whether it has no address.</summary>
    public Sql Lacks { get; }

    /// <summary>Bits of <c>sides</c>.</summary>
    public byte NeverOutside { get; }

    public byte Private { get; }

    public Sql IsOne(IReadOnlyList<NetAddress> addresses) => Sql.Of($"({AddressWords.In(addresses, Address)} AND NOT {Lacks})");

    public Sql IsIn(IReadOnlyList<AddressRange> ranges) => Sql.Of($"({AddressWords.In(ranges, Address)} AND NOT {Lacks})");
}
