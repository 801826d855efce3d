using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DtMcp.Tests.Support;

namespace DtMcp.Tests.History;

/// <summary>Names from <c>dtmcp collect</c> to an answer, by the program itself.</summary>
[Collection(nameof(ClickHouse))]
public sealed partial class NamesCommandTests(ClickHouse server)
{
    private static readonly string[] Office =
        ["--demo", "--connections", "3000", "--days", "1", "--now", "2026-03-04T12:30:00Z", "--clock", "still"];

    private static readonly string[] Window =
        ["from=2026-03-04T09:00:00Z", "to=2026-03-04T11:59:59Z", "--format", "json", "--no-budget"];

    [Fact]
    public async Task Collect_and_status_tell_the_names_that_are_kept_and_lookup_names_answers_from_them()
    {
        var database = server.Options().Database;
        var collected = await DoneAsync(database, "collector", ["collect", "--once", "--last", "4h", .. Office]);
        var names = Numbers(collected, Added());
        Assert.Equal(4, names.Count);
        Assert.All(names, hour => Assert.InRange(hour, 1, 10_000));

        var status = await DoneAsync(database, "reader", ["history", "status", .. Office]);
        Assert.Equal([names.Sum()], Numbers(status, Held()));

        var history = JsonNode.Parse(await DoneAsync(database, "reader", ["call", "lookup_names", .. Window, .. Office]))!;
        var appliance = JsonNode.Parse(await DoneAsync(null, "", ["call", "lookup_names", .. Window, .. Office]))!;
        Assert.Contains("From the history, collected since", history["notes"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(HistoryAnswer.Bare(appliance), HistoryAnswer.Bare(history));
    }

    [Fact]
    public async Task A_setting_that_keeps_Advanced_Search_from_being_asked_keeps_names_out_and_status_says_so()
    {
        var database = server.Options().Database;
        var collected = await DoneAsync(database, "collector", ["collect", "--once", "--last", "2h", .. Office], "network");
        Assert.Contains("added, no names. No names: they come from Advanced Search", collected, StringComparison.Ordinal);
        var status = await DoneAsync(database, "reader", ["history", "status", .. Office]);
        Assert.Contains("0 names (2 hours without)", status, StringComparison.Ordinal);
        Assert.Contains("DTMCP_EVIDENCE=network", status, StringComparison.Ordinal);
    }

    private async Task<string> DoneAsync(string? database, string user, string[] args, string evidence = "auto")
    {
        var start = Published.Start(args);
        start.Environment["DTMCP_EVIDENCE"] = evidence;
        if (database is not null)
        {
            start.Environment["DTMCP_HISTORY_URL"] = server.Options().Nodes[0].ToString();
            start.Environment["DTMCP_HISTORY_DATABASE"] = database;
            start.Environment["DTMCP_HISTORY_USER"] = user;
            start.Environment["DTMCP_HISTORY_PASSWORD_FILE"] = server.PasswordFile(1, user);
        }

        var (code, output, error) = await Published.RunAsync(start);
        Assert.True(code == 0, error + output);
        return output;
    }

    private static List<long> Numbers(string text, Regex pattern) =>
        [.. pattern.Matches(text).Select(match => long.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture))];

    [GeneratedRegex(@"\d+ added, (\d+) names")]
    private static partial Regex Added();

    [GeneratedRegex(@"connections, (\d+) names, ")]
    private static partial Regex Held();
}
