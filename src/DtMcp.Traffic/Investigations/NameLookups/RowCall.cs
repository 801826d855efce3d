using DtMcp.Darktrace.Reading.NameRecords;
using DtMcp.Darktrace.Values;
using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic.Investigations.NameLookups;

/// <summary>A connection that is shown, as far as it tells which entries of names were written of it.</summary>
/// <param name="Row">Its row in the table.</param>
/// <param name="StartMs">Milliseconds since 1970.</param>
/// <param name="LengthMs">Null when it is not known.</param>
/// <param name="Source">Who called.</param>
/// <param name="SourcePort">Below 0 when it is not known.</param>
/// <param name="Destination">Who was called: outside.</param>
/// <param name="Port">Below 0 when it is not known.</param>
internal readonly record struct RowCall(
    int Row, long StartMs, long? LengthMs, NetAddress Source, int SourcePort, NetAddress Destination, int Port)
{
    /// <summary>How long a connection of unknown length may have taken to say whom it calls.</summary>
    private const long UnknownLength = 60_000;

    public bool HasPorts => SourcePort >= 0 && Port >= 0;

    public long EndMs => StartMs + (LengthMs ?? UnknownLength);

    /// <summary>The first connections of a table of rows that go outside.</summary>
    public static List<RowCall> Of(Table table, InternalRanges inside, int most)
    {
        var columns = table.Columns.ToList();
        var (start, source, destination) = (columns.IndexOf("start"), columns.IndexOf("source"), columns.IndexOf("destination"));
        var (from, to, seconds) = (columns.IndexOf("source_port"), columns.IndexOf("destination_port"), columns.IndexOf("seconds"));
        List<RowCall> calls = [];
        for (var row = 0; row < table.Rows.Count && calls.Count < most && start >= 0 && source >= 0 && destination >= 0; row++)
        {
            var cells = table.Rows[row];
            if (cells[start].Kind == CellKind.Moment && Address(cells[source]) is { IsPresent: true } near
                && Address(cells[destination]) is { IsPresent: true } far && !inside.Contains(far))
            {
                calls.Add(new RowCall(
                    row, cells[start].Integer, seconds < 0 ? null : Milliseconds(cells[seconds]),
                    near, Port(cells, from), far, Port(cells, to)));
            }
        }

        return calls;

        static NetAddress Address(Cell cell) =>
            cell.Kind == CellKind.Text && NetAddress.TryParse(cell.Text, out var address) ? address : NetAddress.None;

        static int Port(IReadOnlyList<Cell> cells, int at) =>
            at >= 0 && cells[at].Kind == CellKind.Integer ? (int)cells[at].Integer : -1;

        static long? Milliseconds(Cell cell) => cell.Kind switch
        {
            CellKind.Number => (long)(cell.Number * 1_000),
            CellKind.Integer => cell.Integer * 1_000,
            _ => null,
        };
    }

    /// <summary>
    /// Whether an entry was written of this connection: both ends with their ports, in its time. That is what a shared <c>uid</c> says,
    /// which rows in memory do not keep.
    /// </summary>
    public bool IsOf(NameRecord entry, long slack) => entry.Source == Source && entry.Host == Destination
        && entry.Ports == (SourcePort, Port) && entry.TimeMs >= StartMs - slack && entry.TimeMs <= EndMs + slack;
}
