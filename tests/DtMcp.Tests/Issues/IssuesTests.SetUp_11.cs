using System.Diagnostics;
using System.Text;
using DtMcp.Configuration;
using DtMcp.Simulator.Records.Addresses;
using DtMcp.Simulator.Records.ConnLogs;
using DtMcp.Simulator.Setup;
using DtMcp.Tests.Support;

namespace DtMcp.Tests.Issues;

/// <summary>Mistakes of a set-up that passed, hung, or came out as a fault of the program.</summary>
public sealed class SetUp_11 : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("dtmcp-setup-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("http://192.0.2.1:8080", "192.0.2.1:8080")]
    [InlineData("http://127.0.0.1:{taken}", "127.0.0.1:")]
    public async Task An_address_that_cannot_be_bound_is_wrong_usage(string urls, string says)
    {
        await using var taken = new TinyServer(TinyServer.Json("{}"));
        var start = Published.Start("serve", "--demo", "--connections", "500", "--days", "1", "--urls",
            urls.Replace("{taken}", $"{taken.Port}", StringComparison.Ordinal));
        start.Environment["DTMCP_BEARER_TOKEN"] = "a-long-token-of-the-tests";

        var (code, output, error) = await Published.RunAsync(start);

        Assert.Equal(2, code);
        Assert.Empty(output);
        Assert.Contains($"dtmcp: serve cannot listen on {says}", error, StringComparison.Ordinal);
        Assert.Contains("free port with --urls", error, StringComparison.Ordinal);
        Assert.DoesNotContain("fault", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pipe_is_no_file_of_a_secret()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no pipes among its files.");
        var pipe = Path.Combine(_folder, "pipe");
        using (var make = Process.Start("mkfifo", [pipe]))
        {
            await make.WaitForExitAsync(Token);
        }

        var start = Published.Start("check");
        start.Environment["DARKTRACE_HOST"] = "https://127.0.0.1:1";
        start.Environment["DARKTRACE_PUBLIC_TOKEN_FILE"] = pipe;

        var (code, output, _) = await Published.RunAsync(start).WaitAsync(TimeSpan.FromSeconds(60), Token);

        Assert.Equal(2, code);
        Assert.Contains("DARKTRACE_PUBLIC_TOKEN_FILE names a pipe or a device. Name a file", output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_device_is_no_file_of_a_secret()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no devices among its files.");
        var settings = Settings.Read([KeyValuePair.Create("DARKTRACE_PUBLIC_TOKEN_FILE", "/dev/null")]);
        Assert.Throws<SetupException>(() => settings.Text(OptionCatalog.PublicToken));
    }

    [Theory]
    [InlineData("""{"Darktrace":{"PublicToken":"a","PublicTokenFile":"/x"}}""",
        "Darktrace:PublicToken and Darktrace:PublicTokenFile are both")]
    [InlineData("""{"DtMcp":{"BearerTokenFile":"/x","BearerToken":"a"}}""", "DtMcp:BearerToken and DtMcp:BearerTokenFile are both")]
    [InlineData("""{"Darktrace":{"Appliances":{"a":{"PrivateToken":"a","PrivateTokenFile":"/x"}}}}""",
        "Darktrace:PrivateToken and Darktrace:PrivateTokenFile are both")]
    [InlineData("""{"Darktrace":{"PublicToken":["a","b"]}}""", "Darktrace:PublicToken in appsettings.json is a list")]
    [InlineData("""{"Darktrace":{"Host":{"a":1}}}""", "Darktrace:Host in appsettings.json is a list or an object")]
    [InlineData("""{"Darktrace":{"PublicToken":"a","publictoken":"b"}}""", "is in appsettings.json twice")]
    [InlineData("""{"Darktrace":{"Appliances":{"a":{},"A":{}}}}""", "Darktrace:Appliances:A is in appsettings.json twice")]
    [InlineData("""{"Darktrace":"https://instance"}""", "Darktrace in appsettings.json is no section")]
    public void What_a_file_says_twice_or_in_another_form_is_refused(string json, string says)
    {
        var file = Write("appsettings.json", json, UnixFileMode.UserRead);
        Assert.Contains(says, Assert.Throws<SetupException>(() => SettingsFile.Read(file)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_file_leaves_empty_is_not_said()
    {
        var file = Write("appsettings.json",
            """{"Darktrace":{"PublicToken":null,"PublicTokenFile":"/x","PrivateTokenFile":"","PrivateToken":"p"}}""",
            UnixFileMode.UserRead);
        Assert.Equal("p", Settings.Read([], SettingsFile.Read(file)).Text(OptionCatalog.PrivateToken));
    }

    [Theory]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.UserWrite, null)]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.GroupRead, null)]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.OtherRead, "may read it")]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.GroupWrite, "may write it")]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.OtherRead | UnixFileMode.OtherWrite, "may read and write it")]
    public void Secrets_that_others_may_read_or_write_are_warned_of(UnixFileMode mode, string? says)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no modes of files.");
        var token = Write("token", "a-secret", mode);
        var link = Path.Combine(_folder, "link");
        File.CreateSymbolicLink(link, token);
        var file = Write("appsettings.json", """{"Darktrace":{"PrivateToken":"p"}}""", mode);

        var warnings = Settings.Read([KeyValuePair.Create("DARKTRACE_PUBLIC_TOKEN_FILE", link)], SettingsFile.Read(file)).Warnings;

        Assert.Equal(says is null ? 0 : 2, warnings.Count);
        Assert.All(warnings, warning => Assert.Contains(says!, warning, StringComparison.Ordinal));
        Assert.DoesNotContain(warnings, warning => warning.Contains("a-secret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_warning_is_told_on_stderr()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no modes of files.");
        var start = Published.Start("call", "list_filter_values", "kind=protocols", "--demo", "--connections", "500", "--days", "1");
        start.Environment["DARKTRACE_PRIVATE_TOKEN_FILE"] = Write("token", "a-secret", UnixFileMode.UserRead | UnixFileMode.OtherRead);

        var (code, _, error) = await Published.RunAsync(start);

        Assert.Equal(0, code);
        Assert.Contains(" warn Settings: The file of DARKTRACE_PRIVATE_TOKEN_FILE holds a secret and other users may read it.", error,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--records", "", "records names no file")]
    [InlineData("--records", "/", "cannot read the records")]
    [InlineData("--days", "100000", "days is 100000; give 1 to 366")]
    [InlineData("--days", "0", "days is 0")]
    [InlineData("--days", "-1", "days is -1")]
    [InlineData("--connections", "99999999999999", "connections is 99999999999999; give 1 to 60000000")]
    [InlineData("--connections", "-5", "connections is -5")]
    [InlineData("--devices", "59", "devices is 59; give 60 to 25000")]
    [InlineData("--devices", "25001", "devices is 25001")]
    [InlineData("--now", "1970-01-02", "now is 1970-01-02 00:00:00")]
    [InlineData("--now", "9999-12-31", "before the year 9990")]
    public async Task The_emulator_is_not_asked_for_what_it_cannot_do(string option, string value, string says)
    {
        var (code, output, error) = await Published.RunAsync(Published.Start("simulate", option, value));

        Assert.Equal((2, ""), (code, output));
        Assert.Contains(says, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-1e12")]
    [InlineData("-1")]
    [InlineData("1e300")]
    [InlineData("-1e300")]
    [InlineData("1e15")]
    [InlineData("1969-12-31T23:59:59Z")]
    public void A_time_of_a_record_that_is_no_date_is_refused_with_its_line(string time)
    {
        var isText = time.Contains('T', StringComparison.Ordinal);
        var line =
            $$"""{"ts":{{(isText ? $"\"{time}\"" : time)}},"uid":"C1","id.orig_h":"10.0.0.1","id.resp_h":"10.0.0.2","proto":"tcp"}""";
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(line));

        var refused = Assert.Throws<SimulatorException>(() => ConnLog.Read(stream, "conn.log", AddressRules.Default, Token));

        Assert.Equal($"conn.log, line 1: ts '{time}' is no time from 1970 on", refused.Message);
    }

    private string Write(string name, string text, UnixFileMode mode)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, mode);
        }

        return path;
    }
}
