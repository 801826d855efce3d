using System.Text;
using System.Text.Json;
using DtMcp.Tests.Support;

namespace DtMcp.Tests.Issues;

/// <summary>One odd line ended stdio for ever: no answer to anything behind it, and no exit at the end of the input.</summary>
public sealed class OddLines_11
{
    private const string Meta =
        "\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\",\"io.modelcontextprotocol/clientCapabilities\":{}}";

    [Fact]
    public async Task Each_known_odd_line_is_answered_as_it_must_and_the_session_goes_on()
    {
        await using var session = new StdioSession();
        List<string> wrong = [];
        for (var i = 0; i < OddMessages.Known.Count; i++)
        {
            var (line, code) = OddMessages.Known[i];
            await session.SendAsync(line);
            var answers = code == 0 ? [] : new List<JsonElement> { await session.NextAsync() };
            answers.AddRange(await session.PingAsync(i));
            var codes = answers.Select(answer => answer.TryGetProperty("error", out var error) ? error.GetProperty("code").GetInt32()
                : 1).ToArray();
            if (!codes.SequenceEqual(code == 0 ? [] : [code]))
            {
                wrong.Add(
                    $"{Encoding.UTF8.GetString(line.AsSpan(0, Math.Min(120, line.Length)))} -> {string.Join(',', codes)}, not {code}");
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.Equal(0, await session.EndAsync());
    }

    [Fact]
    public async Task After_10_000_mutated_lines_each_ping_was_answered_and_the_end_of_the_input_is_the_end()
    {
        const int Lines = 10_000;
        await using var session = new StdioSession();
        var sent = 0;
        foreach (var hundred in OddMessages.Mutated(seed: 11).Take(Lines).Chunk(100))
        {
            await session.SendAsync(hundred.SelectMany(line => line.Append((byte)'\n')).ToArray());
            sent += hundred.Length;
            foreach (var answer in await session.PingAsync(sent))
            {
                // The SDK's word for what it stumbled over: no message brings it that far.
                Assert.False(answer.TryGetProperty("error", out var error) && error.GetProperty("code").GetInt32() == -32603,
                    answer.GetRawText());
            }
        }

        Assert.Equal(Lines, sent);
        Assert.Equal(0, await session.EndAsync());
    }

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
