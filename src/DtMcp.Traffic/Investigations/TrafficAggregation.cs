using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Investigations.Leads;
using DtMcp.Traffic.Queries;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic.Investigations;

/// <summary>Connections grouped by what was asked, one or two things at a time, by any measure.</summary>
/// <param name="By">One of <see cref="AggregateWords.By"/>.</param>
/// <param name="Then">Another of them; null for none.</param>
/// <param name="Measure">One of <see cref="AggregateWords.Measure"/>, which the groups are in order of.</param>
/// <param name="IsAscending">Whether the smallest comes first.</param>
public sealed record TrafficAggregation(string By, string? Then, string Measure, bool IsAscending = false) : QueryInvestigation
{
    public override string Name => "aggregate_traffic";

    internal override Needs Needs => new(WantsNames: By == "name" || Then == "name" ? NamesWanted.OfHosts : NamesWanted.None);

    // Made anew each time: kept in a field it would be a part of what makes two of these equal.
    internal override Query Query => Make();

    internal override IReadOnlyList<(string Name, string Value)> Arguments =>
        [("by", Then is null ? By : $"{By},{Then}"), ("measure", Measure)];

    internal override IEnumerable<string> Next(Findings found, AnalysisSettings settings) =>
        AggregateLeads.Of(found, settings, By, Then is null, Measure);

    private Query Make()
    {
        var (by, then, measure) = (
            AggregateWords.DimensionOf(By), Then is null ? (Dimension?)null : AggregateWords.DimensionOf(Then),
            AggregateWords.MeasureOf(Measure));
        List<Column> columns = [.. KeysOf(by, By, false, then is null)];
        if (then is { } second)
        {
            columns.AddRange(KeysOf(second, Then!, true, false));
        }

        columns.Add(Column.Connections);
        columns.Add(Column.Bytes);
        if (measure is not (MeasureKind.Connections or MeasureKind.Bytes))
        {
            columns.Add(Column.Of(Measure, measure == MeasureKind.Distinct ? Queries.Measure.Distinct(Dimension.Peer) : measure));
        }

        return new Query
        {
            Totals = [new("connections", MeasureKind.Connections), new("bytes", MeasureKind.Bytes)],
            Tables =
            [
                new()
                {
                    Name = "groups",
                    By = by,
                    Then = then,
                    IsFree = true,
                    Columns = columns,
                    OrderBy = measure,
                    IsAscending = IsAscending,
                    WithUnknown = true,
                },
            ],
        };
    }

    // The key by its word; of an endpoint its name as well, of a device its id, of a host outside where it is.
    private static IEnumerable<Column> KeysOf(Dimension by, string word, bool isSecond, bool isAlone)
    {
        var prefix = isAlone ? "" : word + "_";
        List<Column> columns = [by.IsEndpoint() ? Column.Ip.Named(word) : Column.Key(by).Named(word)];
        if (by.IsEndpoint())
        {
            columns.AddRange(by == Dimension.Device ? [Column.Did, Column.Hostname.Named(prefix + "hostname")]
                : isAlone ? [Column.Hostname, Column.Country]
                : [Column.Hostname.Named(prefix + "hostname")]);
        }

        return isSecond ? columns.Select(column => column.OfSecond(column.Name)) : columns;
    }
}
