using System.Text.Json;
using DtMcp.ClientEntries;
using DtMcp.Configuration;

namespace DtMcp.Tests.ClientEntries;

public class ClientFileTests
{
    private static readonly ServerEntry Entry = ServerEntry.Of("binary", "dtmcp", "1", isDemo: false, Settings.Read([]));

    [Theory]
    [InlineData(nameof(ClientForm.McpServers), """{"theme":"dark","mcpServers":{"other":{"command":"x"},"darktrace":{"command":"old"}}}""")]
    [InlineData(nameof(ClientForm.Servers), """{"servers":{"other":{"command":"x"}},"theme":"dark"}""")]
    public void What_is_there_stays_and_an_older_entry_is_replaced(string kind, string before)
    {
        var form = Enum.Parse<ClientForm>(kind);
        var merged = JsonElement.Parse(ClientFile.Merge(form, before, ClientBlock.Of(form, Entry)));

        Assert.Equal("dark", merged.GetProperty("theme").GetString());
        var servers = merged.GetProperty(ClientBlock.Section(form));
        Assert.Equal("x", servers.GetProperty("other").GetProperty("command").GetString());
        Assert.Equal("dtmcp", servers.GetProperty("darktrace").GetProperty("command").GetString());
    }

    [Fact]
    public void Inputs_of_others_stay_and_ours_are_there_once()
    {
        var block = ClientBlock.Of(ClientForm.ServersWithInputs, Entry);
        var once = ClientFile.Merge(ClientForm.ServersWithInputs, """{"inputs":[{"id":"theirs","type":"promptString"}]}""", block);
        var twice = JsonElement.Parse(ClientFile.Merge(ClientForm.ServersWithInputs, once, block));

        Assert.Equal(["theirs", "darktrace-host", "darktrace-public", "darktrace-private"],
            twice.GetProperty("inputs").EnumerateArray().Select(input => input.GetProperty("id").GetString()));
    }

    [Fact]
    public void Toml_is_added_at_the_end_once()
    {
        var block = ClientBlock.Of(ClientForm.Toml, Entry);
        var once = ClientFile.Merge(ClientForm.Toml, "model = \"x\"\n", block);

        Assert.Equal($"model = \"x\"\n\n{block}", once);
        Assert.Throws<SetupException>(() => ClientFile.Merge(ClientForm.Toml, once, block));
    }

    [Theory]
    [InlineData(nameof(ClientForm.McpServers), "{ // mine\n }")]
    [InlineData(nameof(ClientForm.McpServers), "[]")]
    [InlineData(nameof(ClientForm.McpServers), """{"mcpServers":[]}""")]
    [InlineData(nameof(ClientForm.Yaml), "extensions: {}")]
    public void What_would_lose_something_is_refused(string kind, string before)
    {
        var form = Enum.Parse<ClientForm>(kind);
        var refused = Assert.Throws<SetupException>(() => ClientFile.Merge(form, before, ClientBlock.Of(form, Entry)));
        Assert.Contains("by hand", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_new_file_is_the_users_alone_and_a_written_one_keeps_its_mode()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Files have no such modes there.");
            return;
        }

        var folder = Directory.CreateTempSubdirectory();
        try
        {
            var path = Path.Combine(folder.FullName, "deep", "mcp.json");
            ClientFile.Write(path, "{}");
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
            ClientFile.Write(path, "{ }");
            Assert.True(File.GetUnixFileMode(path).HasFlag(UnixFileMode.GroupRead));
            Assert.Equal("{ }", File.ReadAllText(path));
            Assert.Single(Directory.GetFiles(Path.GetDirectoryName(path)!));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
