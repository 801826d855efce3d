using System.Globalization;
using DtMcp.Darktrace.Reading.Network;
using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Investigations.Leads;
using DtMcp.Traffic.Queries;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic.Investigations;

/// <summary>
/// Bytes in and out by device and by hour. The hour is that of a connection's start, and a connection between two devices counts for both;
/// of one device, or a subnet, its own side alone.
/// </summary>
public sealed record Bandwidth : QueryInvestigation
{
    private static readonly Query Wanted = new()
    {
        Totals =
        [
            new("bytes_in", MeasureKind.BytesIn),
            new("bytes_out", MeasureKind.BytesOut),
            new("bytes", MeasureKind.Bytes) { IsOfTables = true },
            new("inner_connections", MeasureKind.Connections, Terms.Between) { IsHidden = true },
            new("inner_bytes", MeasureKind.Bytes, Terms.Between) { IsHidden = true },
        ],
        Tables =
        [
            new()
            {
                Name = "devices",
                By = Dimension.Device,
                Columns = [Column.Ip, Column.Did, Column.Hostname, Column.BytesIn, Column.BytesOut, Column.Bytes],
            },
            new()
            {
                Name = "hours",
                By = Dimension.Hour,
                Where = Terms.Touches,
                Columns = [Column.Key(Dimension.Hour), Column.BytesIn, Column.BytesOut],
            },
        ],
    };

    public override string Name => "analyze_bandwidth";

    internal override Needs Needs => new(WantsSeries: true, WantsOwnBytes: true);

    internal override Query Query => Wanted;

    internal override Findings OverSeries(Series series, AnalysisSettings settings)
    {
        var found = SeriesExecutor.Finish(series, settings);
        return found with { Next = [.. Next(found, settings).Where(call => !NextCalls.NeedsRows(call))] };
    }

    internal override IEnumerable<string> Notes(Findings found)
    {
        var (inner, bytes) = (Total("inner_connections"), Total("inner_bytes"));
        return inner.Integer == 0 ? [] :
        [
            string.Create(
                CultureInfo.InvariantCulture,
                $"{inner.Integer} connections are between two of these devices and count for both, so totals and hours hold their " +
                $"{bytes.Integer} bytes twice."),
        ];

        Cell Total(string name) => found.Totals.First(total => total.Name == name).Value;
    }

    internal override IEnumerable<string> Next(Findings found, AnalysisSettings settings) =>
    [
        .. NextCalls.Device(settings, found, "devices"),
        .. NextCalls.Peak(settings, found, "hours", "bytes_in", "bytes_out"),
        NextCalls.Large(settings),
        NextCalls.Of(settings, "aggregate_traffic", "by=device", "measure=peers"),
    ];
}
