using System.Globalization;
using System.Text.Json;
using DtMcp.Tests.Tools;

namespace DtMcp.Tests.Investigations.Hunting;

/// <summary>The next calls of a hunt, called.</summary>
public sealed class HuntNextCallTests(ToolAppliances appliances)
{
    [Theory]
    [InlineData("beacon")]
    [InlineData("upload")]
    [InlineData("admin_ports")]
    [InlineData("new_destinations")]
    public async Task A_finding_is_followed_by_the_call_that_gives_its_rows(string kind)
    {
        var hunt = await AskAsync("hunt_traffic", $$"""{"kind":"{{kind}}","format":"json"}""");
        var rows = hunt.GetProperty("tables").GetProperty("findings").GetProperty("rows").EnumerateArray()
            .Where(row => row.GetProperty("confidence").GetString() != "low").ToList();
        var calls = hunt.GetProperty("next").EnumerateArray().Select(call => call.GetString()!).ToList();
        Assert.NotEmpty(rows);
        foreach (var (row, call) in rows.Zip(calls))
        {
            Assert.StartsWith("get_network_traffic ", call, StringComparison.Ordinal);
            Assert.Equal(row.GetProperty("connections").GetInt64(), await ConnectionsOfAsync(call));
        }
    }

    [Fact]
    public async Task A_scan_is_followed_by_what_failed()
    {
        var hunt = await AskAsync("hunt_traffic", """{"kind":"scan","format":"json"}""");
        var row = hunt.GetProperty("tables").GetProperty("findings").GetProperty("rows")[0];
        var call = hunt.GetProperty("next")[0].GetString()!;
        Assert.Contains("state=failed", call, StringComparison.Ordinal);
        Assert.InRange(await ConnectionsOfAsync(call), row.GetProperty("connections").GetInt64(), long.MaxValue);
    }

    private async Task<long> ConnectionsOfAsync(string call)
    {
        var words = call.Split(' ');
        var arguments = words.Skip(1).Select(word => word.Split('=', 2))
            .ToDictionary(pair => pair[0], pair => pair[0] is "did" or "destinationport"
                ? (object)long.Parse(pair[1], CultureInfo.InvariantCulture) : pair[1]);
        arguments["format"] = "json";
        return (await AskAsync(words[0], JsonSerializer.Serialize(arguments))).GetProperty("totals").GetProperty("connections").GetInt64();
    }

    private async Task<JsonElement> AskAsync(string tool, string arguments)
    {
        var (text, isError) = await appliances.CallAsync(tool, arguments);
        Assert.False(isError, text);
        return JsonElement.Parse(text);
    }
}
