namespace DtMcp.Traffic.Queries.Counts;

/// <summary>What rows of counts cost: a small request for each sum that is told of one.</summary>
internal static class CountCosts
{
    /// <summary>Requests for rows among which the largest are sought: some more than are shown.</summary>
    private const int MostSought = Capabilities.MaxAskedRequests + 8;

    /// <summary>Rows that may be asked about.</summary>
    public static int Affordable(IReadOnlyList<Column> columns, Dimension by) =>
        Math.Max(1, Capabilities.MaxAskedRequests / Math.Max(1, OfRow(columns, by)));

    /// <summary>
    /// Groups that may be asked for the measure that they are sought by, where the other columns are told of the first of them only.
    /// </summary>
    public static int Candidates(IReadOnlyList<Column> columns, Dimension by, MeasureKind kind, int limit)
    {
        var cost = OfRow([Column.Of("", kind)], by);
        var shown = Math.Min(limit, Affordable(columns, by));
        return Math.Max(shown, (MostSought - (shown * (OfRow(columns, by) - cost))) / cost);
    }

    /// <summary>Whether bytes need no requests: what a device received and what it sent add up to them.</summary>
    public static bool AddUp(IReadOnlyList<Column> columns, Dimension by) => by == Dimension.Device
        && columns.Any(column => column.Measure?.Kind == MeasureKind.BytesIn)
        && columns.Any(column => column.Measure?.Kind == MeasureKind.BytesOut);

    /// <summary>Requests for a row.</summary>
    public static int OfRow(IReadOnlyList<Column> columns, Dimension by)
    {
        bool Has(params ReadOnlySpan<MeasureKind> kinds)
        {
            foreach (var kind in kinds)
            {
                if (columns.Any(column => column.Measure?.Kind == kind))
                {
                    return true;
                }
            }

            return false;
        }

        // How many there are comes with any sum.
        var cost = Has(MeasureKind.Bytes, MeasureKind.PercentOfBytes) && !AddUp(columns, by) ? 2 : 0;
        cost += Has(MeasureKind.Packets) ? 2 : 0;
        cost += Has(MeasureKind.Failed) ? 1 : 0;
        cost += Has(MeasureKind.First, MeasureKind.Last) ? 1 : 0;
        var isEnd = by is Dimension.Source or Dimension.Destination;
        foreach (var kind in new[] { MeasureKind.BytesIn, MeasureKind.BytesOut })
        {
            // Of one end they are the sums that make the bytes; else each is told by those that it began and those that it answered.
            cost += !Has(kind) ? 0 : !isEnd ? 2 : cost >= 2 ? 0 : 1;
        }

        return Math.Max(1, cost);
    }
}
