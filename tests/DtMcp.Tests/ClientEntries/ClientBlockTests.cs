using System.Text;
using System.Text.Json;
using DtMcp.ClientEntries;
using DtMcp.Configuration;
using DtMcp.Tests.Support;
using DtMcp.Tests.Tools;
using DtMcp.Tools;
using ModelContextProtocol.Client;

namespace DtMcp.Tests.ClientEntries;

/// <summary>The blocks of the page on clients: what <c>dtmcp setup</c> prints, and what starts the program.</summary>
public class ClientBlockTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static string Page
    {
        get
        {
            var solution = Snapshot.FindUpward("DtMcp.sln");
            Assert.SkipWhen(solution is null, "The sources are not beside the tests.");
            return File.ReadAllText(Path.Combine(Path.GetDirectoryName(solution)!, "docs", "clients", "README.md"));
        }
    }

    public static TheoryData<string> Clients => [.. ClientCatalog.All.Select(client => client.Name)];

    [Theory]
    [MemberData(nameof(Clients))]
    public void The_page_has_the_block_of_each_client_as_setup_prints_it(string name)
    {
        var client = ClientCatalog.Find(name)!;
        var section = Section(client.Title);
        var entry = ServerEntry.Of("binary", "dtmcp", ProgramVersion.Text, isDemo: false, Settings.Read([]));

        Assert.Contains($"\n{ClientBlock.Of(client.Form, entry)}```\n", section, StringComparison.Ordinal);
        Assert.Contains($"`dtmcp setup {client.Name}`", section, StringComparison.Ordinal);
        Assert.Contains(client.Hint, section, StringComparison.Ordinal);
        Assert.Contains(client.File is { } file ? $"`{file}`" : client.Title, section, StringComparison.Ordinal);
        if (ClientBlock.Link(client, entry) is { } link)
        {
            Assert.Contains($"]({link})", section, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("dnx", false)]
    [InlineData("dnx", true)]
    [InlineData("container", false)]
    [InlineData("binary", true)]
    public void The_page_has_each_way_to_start_it(string way, bool isDemo) => Assert.Contains(
        $"\n{ClientBlock.Of(ClientForm.McpServers, ServerEntry.Of(way, "dtmcp", ProgramVersion.Text, isDemo, Settings.Read([])))}```\n",
        Page, StringComparison.Ordinal);

    [Theory]
    [InlineData("Claude Code")]
    [InlineData("Visual Studio")]
    [InlineData("A demo")]
    public async Task A_block_of_the_page_starts_a_server_that_lists_its_tools(string heading)
    {
        var json = JsonElement.Parse(Fenced(Section(heading)));
        var server = json.EnumerateObject().Single().Value.GetProperty(ServerEntry.Name);
        Assert.Equal("dtmcp", server.GetProperty("command").GetString());
        var start = Published.Start(server.GetProperty("args").EnumerateArray().Select(arg => arg.GetString()!));
        var env = server.TryGetProperty("env", out var given)
            ? given.EnumerateObject().ToDictionary(pair => pair.Name, pair => pair.Value.GetString())
            : [];

        await using var client = await McpClient.CreateAsync(
            new StdioClientTransport(new StdioClientTransportOptions
            {
                Command = start.FileName,
                Arguments = [.. start.ArgumentList],
                EnvironmentVariables = env,
            }),
            cancellationToken: Token);

        Assert.Equal(ToolCatalog.Names, (await client.ListToolsAsync(cancellationToken: Token)).Select(tool => tool.Name));
    }

    [Fact]
    public void A_link_carries_the_block_of_its_client()
    {
        var entry = ServerEntry.Of("binary", "dtmcp", "1", isDemo: false, Settings.Read([]));

        var cursor = new Uri(ClientBlock.Link(ClientCatalog.Find("cursor")!, entry)!).Query.Split("config=")[1];
        var config = JsonElement.Parse(Encoding.UTF8.GetString(Convert.FromBase64String(Uri.UnescapeDataString(cursor))));
        var block = JsonElement.Parse(ClientBlock.Of(ClientForm.McpServers, entry)).GetProperty("mcpServers").GetProperty(ServerEntry.Name);
        Assert.True(JsonElement.DeepEquals(block, config));

        var query = new Uri(ClientBlock.Link(ClientCatalog.Find("vscode")!, entry)!).Query.TrimStart('?').Split('&')
            .Select(pair => pair.Split('=', 2)).ToDictionary(pair => pair[0], pair => Uri.UnescapeDataString(pair[1]));
        var whole = JsonElement.Parse(ClientBlock.Of(ClientForm.ServersWithInputs, entry));
        Assert.True(JsonElement.DeepEquals(whole.GetProperty("inputs"), JsonElement.Parse(query["inputs"])));
        Assert.True(JsonElement.DeepEquals(
            whole.GetProperty("servers").GetProperty(ServerEntry.Name), JsonElement.Parse(query["config"])));
    }

    [Fact]
    public void A_block_never_holds_a_token()
    {
        var settings = Settings.Read([
            new("DARKTRACE_PUBLIC_TOKEN", "secret-one"), new("DARKTRACE_PRIVATE_TOKEN", "secret-two"),
            new("DARKTRACE_HOST", "https://own.example"),
        ]);

        foreach (var form in Enum.GetValues<ClientForm>())
        {
            var block = ClientBlock.Of(form, ServerEntry.Of("binary", "dtmcp", "1", isDemo: false, settings));
            Assert.DoesNotContain("secret", block, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Known_settings_stand_in_the_block()
    {
        var settings = Settings.Read([new("DARKTRACE_HOST", "https://own.example"), new("DARKTRACE_PRIVATE_TOKEN_FILE", "/own/private")]);

        var block = ClientBlock.Of(ClientForm.Toml, ServerEntry.Of("binary", "C:\\\"x\".exe", "1", isDemo: false, settings));

        Assert.Contains("command = \"C:\\\\\\\"x\\\".exe\"\n", block, StringComparison.Ordinal);
        Assert.Contains("DARKTRACE_HOST = \"https://own.example\"\n", block, StringComparison.Ordinal);
        Assert.Contains("DARKTRACE_PRIVATE_TOKEN_FILE = \"/own/private\"\n", block, StringComparison.Ordinal);
    }

    private static string Section(string heading)
    {
        var page = Page;
        var start = page.IndexOf($"\n## {heading}\n", StringComparison.Ordinal);
        Assert.True(start >= 0, $"The page has no section {heading}.");
        var end = page.IndexOf("\n## ", start + 1, StringComparison.Ordinal);
        return end < 0 ? page[start..] : page[start..end];
    }

    private static string Fenced(string section)
    {
        var start = section.IndexOf("```json\n", StringComparison.Ordinal) + "```json\n".Length;
        return section[start..section.IndexOf("```\n", start, StringComparison.Ordinal)];
    }
}
