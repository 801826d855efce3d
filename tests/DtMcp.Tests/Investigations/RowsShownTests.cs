using System.Text.Json;
using DtMcp.Darktrace.Requests;
using DtMcp.Traffic.Questions.Conditions;

namespace DtMcp.Tests.Investigations;

/// <summary>What a row of <c>get_network_traffic</c> says of its connection.</summary>
public sealed class RowsShownTests
{
    [Fact]
    public async Task A_row_tells_who_sent_what_and_what_became_of_it()
    {
        await using var investigator = await InvestigatorFixture.StartAsync();
        var rows = await RowsAsync(investigator, new NetworkQuery(), RowConditions.None);

        Assert.All(rows, row => Assert.Equal(Number(row, "bytes"), Number(row, "bytes_out") + Number(row, "bytes_in")));
        Assert.Contains(rows, row => row.TryGetProperty("destination_hostname", out _));
        var failed = await RowsAsync(investigator, new NetworkQuery(), new RowConditions { State = ConnectionState.Failed });
        Assert.NotEmpty(failed);
        Assert.All(failed, row => Assert.Equal("failed", row.GetProperty("state").GetString()));
    }

    [Fact]
    public async Task A_column_that_holds_nothing_is_not_shown()
    {
        await using var investigator = await InvestigatorFixture.StartAsync();
        var rows = await RowsAsync(investigator, new NetworkQuery(), new RowConditions { Direction = TrafficDirection.Outbound });

        // Nobody outside has a device id.
        Assert.NotEmpty(rows);
        Assert.All(rows, row => Assert.False(row.TryGetProperty("destination_did", out _)));
    }

    private static async Task<List<JsonElement>> RowsAsync(InvestigatorFixture investigator, NetworkQuery filters, RowConditions conditions)
    {
        var answer = await investigator.AskAsync("get_network_traffic", filters, investigator.LastDay,
            question => question with { Conditions = conditions });
        return [.. answer.GetProperty("tables").GetProperty("traffic").GetProperty("rows").EnumerateArray()];
    }

    private static long Number(JsonElement row, string name) => row.GetProperty(name).GetInt64();
}
