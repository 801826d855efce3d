using System.Text.RegularExpressions;
using DtMcp.Darktrace.Flows;
using DtMcp.Simulator.Setup;
using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Investigations.Hunting.Signs;
using DtMcp.Traffic.Questions;

namespace DtMcp.Tests.Investigations.Hunting;

/// <summary>What is found does not hang on how it was read.</summary>
public partial class HuntSamenessTests
{
    // Told by bytes of each direction, which rows of /network have together.
    private static readonly string[] BySent = ["upload"];

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 8)];

    // What is found in names alone has its own tests.
    public static TheoryData<string> Kinds => [.. HuntKinds.Words.Skip(1).Except(["dns_tunnel", "generated_names"])];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Each_rule_finds_something_above_low_in_these_rows(string kind)
    {
        var rows = new EveryKind(1);

        Assert.Contains(Hunts.Over(rows.Now(), rows.Before(), kind).Found(), row => row.Confidence != "low");
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void The_order_of_rows_tells_nothing(int seed)
    {
        var rows = new EveryKind(seed);
        var random = new Random(seed);
        var told = Told(Hunts.Over(rows.Now(), rows.Before()));
        for (var i = 0; i < 4; i++)
        {
            Assert.Equal(told, Told(Hunts.Over(rows.Now(shuffle: random), rows.Before())));
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Neither_does_reading_by_slices(int seed)
    {
        var rows = new EveryKind(seed);
        var told = Told(Hunts.Over(rows.Now(), rows.Before()));
        for (var parts = 2; parts <= 7; parts++)
        {
            Assert.Equal(told, Told(Hunts.Over(rows.InParts(parts), rows.Before())));
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Rows_that_tell_bytes_together_give_the_same_findings_above_low_save_uploads(int seed)
    {
        var rows = new EveryKind(seed);

        var split = Above(Hunts.Over(rows.Now(), rows.Before()));
        var together = Above(Hunts.Over(rows.Now(FlowFields.BytesOut), rows.Before(FlowFields.BytesOut)));

        Assert.Equal(split, together);
        Assert.InRange(split.Count, 12, 40);
    }

    [Theory]
    [InlineData(Dialect.Guide)]
    [InlineData(Dialect.Sdk)]
    public async Task An_appliance_read_whole_or_in_slices_gives_the_same(Dialect dialect)
    {
        var (whole, above) = await OfficeAsync(dialect, 24);
        var (sliced, _) = await OfficeAsync(dialect, 1);

        Assert.Equal(whole, sliced);
        Assert.InRange(above.Count, 4, 12);
    }

    [Fact]
    public async Task An_appliance_of_either_shape_gives_the_same()
    {
        var ((guide, _), (sdk, _)) = (await OfficeAsync(Dialect.Guide, 24), await OfficeAsync(Dialect.Sdk, 24));

        // Names of far ends are in the guide's tables.
        Assert.Equal(guide.Select(static row => FarName().Replace(row, "")), sdk);
        Assert.Contains(sdk, static row => row.Contains("\"upload\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Rows_of_network_give_the_same_above_low_save_uploads()
    {
        var (_, records) = await OfficeAsync(Dialect.Sdk, 24);
        var (rows, network) = await OfficeAsync(Dialect.Sdk, 24, EvidencePolicy.Network);

        Assert.Equal(records, network);
        Assert.DoesNotContain(rows, static row => row.Contains("\"upload\"", StringComparison.Ordinal));
    }

    private static async Task<(List<string> Rows, List<string> Above)> OfficeAsync(
        Dialect dialect, int hours, EvidencePolicy evidence = EvidencePolicy.Auto)
    {
        await using var office = await InvestigatorFixture.StartAsync(
            options => options with
            {
                Now = new DateTimeOffset(2026, 1, 15, 17, 0, 0, TimeSpan.Zero),
                ClockRuns = false,
                Dialect = dialect,
            },
            investigator => investigator with { Slice = TimeSpan.FromHours(hours), Evidence = evidence });
        var rows = (await office.AskAsync("hunt_traffic")).GetProperty("tables").GetProperty("findings").GetProperty("rows")
            .EnumerateArray().ToList();
        return ([.. rows.Select(row => row.GetRawText())],
        [
            .. rows.Select(row => (Kind: row.GetProperty("kind").GetString()!, Level: row.GetProperty("confidence").GetString(), Row: row))
                .Where(row => row.Level != "low" && !BySent.Contains(row.Kind))
                .Select(row => $"{row.Kind} {row.Level} {row.Row.GetProperty("source")} "
                    + (row.Row.TryGetProperty("destination", out var to) ? to.GetString() : ""))
                .Order(StringComparer.Ordinal),
        ]);
    }

    [GeneratedRegex("; named [^;\"]*")]
    private static partial Regex FarName();

    private static string Told(Findings findings) => string.Join('\n', findings.Found().Select(row =>
        $"{row.Kind} {row.Confidence} {row.Source} {row.Destination} {string.Join(' ', row.Ports)} {row.Connections} {row.Figures}"));

    private static List<string> Above(Findings findings) =>
    [
        .. findings.Found().Where(row => row.Confidence != "low" && !BySent.Contains(row.Kind))
            .Select(row => $"{row.Kind} {row.Confidence} {row.Source} {row.Destination}").Order(StringComparer.Ordinal),
    ];
}
