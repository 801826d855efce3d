using System.Text.Json;
using DtMcp.Tests.Support;

namespace DtMcp.Tests.Issues;

/// <summary>One odd line ended stdio for ever: no answer to anything behind it, and no exit at the end of the input.</summary>
public sealed class OddLines_11
{
    private const string Meta =
        "\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\",\"io.modelcontextprotocol/clientCapabilities\":{}}";

    [Fact]
    public async Task What_is_in_flight_when_the_input_ends_is_answered_though_odd_lines_and_an_open_subscription_stand_beside_it()
    {
        await using var session = new StdioSession();
        await session.SendAsync("""{"jsonrpc":"2.0","id":1,"method":"subscriptions/listen","params":{"notifications":{},META}}""".Replace(
            "META", Meta, StringComparison.Ordinal));
        foreach (var (line, _) in OddMessages.Known)
        {
            await session.SendAsync(line);
        }

        // The same id twice: both are answered.
        foreach (var last in new[] { "24h", "23h" })
        {
            await session.SendAsync(
                $$$"""{"jsonrpc":"2.0","id":"x","method":"tools/call","params":"""
                + $$$"""{"name":"summarize_network_traffic","arguments":{"last":"{{{last}}}"},META}}"""
                    .Replace("META", Meta, StringComparison.Ordinal));
        }

        Assert.Equal(0, await session.EndAsync());
        var answers = session.Rest.Where(answer =>
            answer.TryGetProperty("id", out var id) && id.ValueKind == JsonValueKind.String && id.ValueEquals("x"u8)).ToArray();
        Assert.Equal(2, answers.Length);
        Assert.All(answers, answer => Assert.True(answer.TryGetProperty("result", out _), answer.GetRawText()));
    }
}
