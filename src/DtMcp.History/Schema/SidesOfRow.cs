using DtMcp.Darktrace.Values;
using DtMcp.History.Wire;
using DtMcp.Traffic.Questions;

namespace DtMcp.History.Schema;

/// <summary>
/// What stands in the column <c>sides</c>, which the server fills in itself: what standards say of both ends of a row. Those are 26
/// comparisons that no question has to make again. Ranges that are configured are compared when a question is asked.
/// </summary>
internal static class SidesOfRow
{
    public const byte SourceNeverOutside = 1;
    public const byte SourcePrivate = 2;
    public const byte DestinationNeverOutside = 4;
    public const byte DestinationPrivate = 8;

    public static Sql Words { get; } = Sql.Of($"""
        toUInt8({Bit(InternalRanges.NeverOutside, "src", SourceNeverOutside)} + {Bit(InternalRanges.Default.Own, "src", SourcePrivate)}
        + {Bit(InternalRanges.NeverOutside, "dst", DestinationNeverOutside)}
        + {Bit(InternalRanges.Default.Own, "dst", DestinationPrivate)})
        """);

    private static Sql Bit(IEnumerable<AddressRange> ranges, string column, byte bit) =>
        Sql.Of($"if({AddressWords.In(ranges, Sql.Name(column))}, {(long)bit}, 0)");
}
