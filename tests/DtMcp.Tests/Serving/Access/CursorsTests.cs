using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;
using DtMcp.Configuration;
using DtMcp.Running;
using DtMcp.Serving.Access;
using DtMcp.Simulator.Setup;
using DtMcp.Tools;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace DtMcp.Tests.Serving.Access;

/// <summary>A cursor is for whom it was made, on whichever replica; nothing else is one.</summary>
public sealed class CursorsTests : IAsyncLifetime
{
    private const string NoCursor = "invalid_argument: cursor: this is not a cursor of an earlier answer. " +
        "Copy the cursor of the last answer as it is, or leave it out to start anew.";

    private const string First = "0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0";
    private const string Second = "a-secret-of-letters-that-is-long-enough";

    private readonly string _tokens = Path.GetTempFileName();
    private readonly string _keys = Path.GetTempFileName();
    private readonly FakeTimeProvider _clock = new();
    private readonly (string Token, string Line) _alice = TokenList.Make("alice");
    private readonly (string Token, string Line) _bob = TokenList.Make("bob");

    private InvestigatorFixture _appliance = null!;
    private ToolRunner _runner = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    // In rows, of which answers are kept as they were written.
    public async ValueTask InitializeAsync()
    {
        _appliance = await InvestigatorFixture.StartAsync(
            options => options with { Dialect = Dialect.Sdk, ClockRuns = false, Connections = 500, Days = 1 });
        _runner = new ToolRunner(
            new Investigators([new("demo", _appliance.Investigator, _appliance.Client)], _appliance.Appliance.Clock),
            NullLoggerFactory.Instance);
    }

    public async ValueTask DisposeAsync()
    {
        await _appliance.DisposeAsync();
        File.Delete(_tokens);
        File.Delete(_keys);
    }

    [Fact]
    public async Task The_next_page_is_its_own_callers_as_often_as_they_ask()
    {
        await using var served = await StartAsync();
        var (rows, cursor) = await PageAsync(served, _alice);
        var next = await PageAsync(served, _alice, cursor);
        Assert.NotEqual(rows, next.Rows);
        // Asked again it is the same answer: nothing is used up.
        Assert.Equal(next, await PageAsync(served, _alice, cursor));
        Assert.Equal(NoCursor, await SaidAsync(served, _bob, cursor!));
        // The page is the same, the way on is not: an answer that is kept is not given to another.
        var bobs = await PageAsync(served, _bob);
        Assert.Equal(rows, bobs.Rows);
        Assert.NotEqual(cursor, bobs.Cursor);
        Assert.Equal(next.Rows, (await PageAsync(served, _bob, bobs.Cursor)).Rows);
    }

    [Fact]
    public async Task An_answer_that_is_kept_is_not_given_to_its_own_caller_who_may_use_less_since()
    {
        await using var served = await StartAsync();
        const string Tool = "summarize_network_traffic";
        var whole = await SummaryAsync();
        Assert.Equal(whole, await SummaryAsync());
        Assert.Contains("hunt_traffic", whole, StringComparison.Ordinal);
        await File.WriteAllTextAsync(_tokens, $"{_alice.Line} tools={Tool}\n{_bob.Line}\n", Cancelled);
        _clock.Advance(TimeSpan.FromSeconds(1));
        var less = await SummaryAsync();
        Assert.StartsWith(whole[..whole.IndexOf("\nnext:", StringComparison.Ordinal)], less, StringComparison.Ordinal);
        Assert.DoesNotContain(ToolCatalog.Names, other => other != Tool && less.Contains(other));

        Task<string> SummaryAsync() => served.ToolAsync(Tool, """{"last":"24h"}""", ("Authorization", $"Bearer {_alice.Token}"));
    }

    [Fact]
    public async Task Nothing_that_is_changed_is_a_cursor()
    {
        await using var served = await StartAsync();
        var (_, cursor) = await PageAsync(served, _alice);
        var text = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor!));
        string[] parts = text.Split('.');
        Assert.Equal(6, parts.Length);
        string[] changed =
        [
            string.Join('.', parts[..5]),
            $"{string.Join('.', parts[..5])}.",
            $"{text}A",
            $"5{text}",
            $"0{text}",
            string.Join('.', ["0", .. parts[1..]]),
            string.Join('.', [parts[0], "0", .. parts[2..]]),
            string.Join('.', [.. parts[..3], "-bytes", .. parts[4..]]),
            string.Join('.', [.. parts[..4], "AAAAAAAAAAAA", parts[5]]),
            string.Join('.', [.. parts[..5], new string('A', 22)]),
            string.Join('.', [.. parts[..5], parts[5].ToUpperInvariant() + "x"]),
        ];
        foreach (var one in changed)
        {
            Assert.Equal(NoCursor, await SaidAsync(served, _alice, Base64Url.EncodeToString(Encoding.UTF8.GetBytes(one))));
        }

        // Each bit of it counts.
        var bytes = Encoding.UTF8.GetBytes(text);
        var random = new Random(17);
        for (var i = 0; i < 40; i++)
        {
            var other = (byte[])bytes.Clone();
            other[random.Next(other.Length)] ^= (byte)(1 << random.Next(7));
            Assert.Equal(NoCursor, await SaidAsync(served, _alice, Base64Url.EncodeToString(other)));
        }
    }

    [Fact]
    public async Task Replicas_with_the_same_secret_take_each_others_and_others_do_not()
    {
        await File.WriteAllTextAsync(_keys, First, Cancelled);
        await using var one = await StartAsync(("DTMCP_CURSOR_KEY_FILE", _keys));
        await using var other = await StartAsync(("DTMCP_CURSOR_KEY_FILE", _keys));
        await using var stranger = await StartAsync();
        var (_, cursor) = await PageAsync(one, _alice);
        Assert.Equal(await PageAsync(one, _alice, cursor), await PageAsync(other, _alice, cursor));
        Assert.Equal(NoCursor, await SaidAsync(stranger, _alice, cursor!));
        Assert.Equal(NoCursor, await SaidAsync(other, _bob, cursor!));
    }

    [Fact]
    public async Task A_secret_is_replaced_while_both_are_known_and_then_the_old_ones_are_none()
    {
        await File.WriteAllTextAsync(_keys, First, Cancelled);
        await using var served = await StartAsync(("DTMCP_CURSOR_KEY_FILE", _keys));
        var (_, old) = await PageAsync(served, _alice);
        var second = await PageAsync(served, _alice, old);

        await ChangeAsync($"{Second} # the new one\n{First}\n");
        var (_, made) = await PageAsync(served, _alice);
        Assert.NotEqual(old, made);
        Assert.Equal(second.Rows, (await PageAsync(served, _alice, old)).Rows);
        Assert.Equal(second.Rows, (await PageAsync(served, _alice, made)).Rows);

        await ChangeAsync(Second);
        Assert.Equal(NoCursor, await SaidAsync(served, _alice, old!));
        Assert.Equal(second.Rows, (await PageAsync(served, _alice, made)).Rows);

        // What cannot be read changes nothing.
        await ChangeAsync("short");
        Assert.Equal(second.Rows, (await PageAsync(served, _alice, made)).Rows);
        Assert.Contains("Line 1 of the file of DTMCP_CURSOR_KEY_FILE is no secret", served.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("short ", served.Log, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("too short", "Line 1 ")]
    [InlineData("# only words", "has 0 secrets")]
    [InlineData(First + "\n" + First + "1\n" + First + "2\n" + First + "3\n" + First + "4", "has 5 secrets")]
    public async Task A_file_of_secrets_that_is_none_stops_the_start_and_is_not_shown(string text, string says)
    {
        await File.WriteAllTextAsync(_keys, text, Cancelled);
        var refused = await Assert.ThrowsAsync<SetupException>(() => StartAsync(("DTMCP_CURSOR_KEY_FILE", _keys)));
        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(text, refused.Message, StringComparison.Ordinal);
    }

    private async Task ChangeAsync(string text)
    {
        await File.WriteAllTextAsync(_keys, text, Cancelled);
        _clock.Advance(TimeSpan.FromSeconds(1));
    }

    private static string Arguments(string? cursor) => string.Create(CultureInfo.InvariantCulture,
        $$"""{"last":"24h","limit":3,"format":"json"{{(cursor is null ? "" : $",\"cursor\":\"{cursor}\"")}}}""");

    private static Task<string> SaidAsync(Served served, (string Token, string) who, string cursor) =>
        served.ToolAsync("get_network_traffic", Arguments(cursor), ("Authorization", $"Bearer {who.Token}"));

    private static async Task<(string Rows, string? Cursor)> PageAsync(Served served, (string Token, string) who, string? cursor = null)
    {
        var text = await served.ToolAsync("get_network_traffic", Arguments(cursor), ("Authorization", $"Bearer {who.Token}"));
        var answer = JsonElement.Parse(text);
        return (answer.GetProperty("tables").GetRawText(), answer.GetProperty("cursor").GetString());
    }

    private async Task<Served> StartAsync(params (string Name, string Value)[] settings)
    {
        await File.WriteAllTextAsync(_tokens, $"{_alice.Line}\n{_bob.Line}\n", Cancelled);
        return await Served.StartAsync(_runner, _clock, [("DTMCP_TOKENS_FILE", _tokens), .. settings]);
    }
}
