using System.Text.Json;
using DtMcp.Commands;
using DtMcp.Configuration;
using DtMcp.Running;
using DtMcp.Tests.History;

namespace DtMcp.Tests.Exporting;

/// <summary>Hours that the history holds are exported from there.</summary>
[Collection(nameof(ClickHouse))]
public sealed class ExportFromHistoryTests(ClickHouse server)
{
    private static readonly string[] Office =
        ["--demo", "--connections", "3000", "--days", "1", "--now", "2026-03-04T12:30:00Z", "--clock", "still"];

    [Fact]
    public async Task What_was_collected_is_exported_without_asking_the_appliance()
    {
        var options = server.Options();
        KeyValuePair<string, string>[] history =
        [
            new("DTMCP_HISTORY_URL", options.Nodes[0].ToString()), new("DTMCP_HISTORY_DATABASE", options.Database),
            new("DTMCP_HISTORY_USER", "collector"), new("DTMCP_HISTORY_PASSWORD_FILE", server.PasswordFile(1, "collector")),
        ];
        var folder = Directory.CreateTempSubdirectory("dtmcp-export");
        try
        {
            string[] window = ["from=2026-03-04T08:00:00Z", "to=2026-03-04T11:59:59Z"];
            await DoneAsync(history, ["collect", "--once", "--last", "5h", .. Office]);
            var direct = await ExportAsync([], Path.Combine(folder.FullName, "direct"), [.. window, .. Office]);
            var collected = await ExportAsync(
                history, Path.Combine(folder.FullName, "history"), [.. window, .. Office, "--without", "Advanced Search"]);

            Assert.All(collected, static slice => Assert.Equal("history", slice.GetProperty("evidence").GetString()));
            Assert.Equal(direct.Select(Sums), collected.Select(Sums));
            Assert.Equal(4, collected.Count);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string Sums(JsonElement slice) =>
        $"{slice.GetProperty("connections")} {slice.GetProperty("total_bytes")} {slice.GetProperty("total_packets")}";

    private static async Task<List<JsonElement>> ExportAsync(KeyValuePair<string, string>[] settings, string folder, string[] args)
    {
        await DoneAsync(settings, ["export", .. args, "--out", folder]);
        var manifest = await File.ReadAllTextAsync(
            Path.Combine(folder, "appliance=demo", "manifest.json"), TestContext.Current.CancellationToken);
        return [.. JsonElement.Parse(manifest).GetProperty("slices").EnumerateObject().Select(static slice => slice.Value)];
    }

    private static async Task DoneAsync(KeyValuePair<string, string>[] settings, string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await Entry.RunAsync(args, new ProcessContext
        {
            Input = () => Stream.Null,
            Output = () => Stream.Null,
            Out = output,
            Error = error,
            Settings = Settings.Read(settings),
            Clock = TimeProvider.System,
        });
        Assert.True(code == 0, $"{string.Join(' ', args)}: {error}{output}");
    }
}
