using System.Text.Json;
using DtMcp.Configuration;
using DtMcp.Running;
using DtMcp.Tools;
using DtMcp.Tools.Arguments;
using DtMcp.Traffic.Questions;
using Microsoft.Extensions.Logging.Abstractions;

namespace DtMcp.Tests.Configuration;

public sealed class SettingsTests : IDisposable
{
    private const string Hidden = "s3cr3t-value-of-the-test";

    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Theory]
    [InlineData("DARKTRACE_HOTS", "Did you mean DARKTRACE_HOST?")]
    [InlineData("DTMCP_CACHE", "Did you mean DTMCP_CACHE_MB?")]
    [InlineData("DARKTRACE_PRIVATETOKEN", "Did you mean DARKTRACE_PRIVATE_TOKEN?")]
    [InlineData("DTMCP_QQQQQQQQQQ", "The names are DARKTRACE_HOST")]
    public void An_unknown_name_stops_the_start(string name, string says)
    {
        var refused = Assert.Throws<SetupException>(() => Read((name, Hidden)));
        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Hidden, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Other_programs_names_and_empty_values_do_not_matter()
    {
        var settings = Read(("PATH", "/bin"), ("DARKTRACE_HOST", " "), ("DTMCP_CACHE_MB", ""));
        Assert.Null(settings.Text(OptionCatalog.Host));
    }

    [Theory]
    [InlineData("DARKTRACE_TIMEOUT", "soon", "1 to 86400")]
    [InlineData("DARKTRACE_TIMEOUT", "0", "1 to 86400")]
    [InlineData("DARKTRACE_MAX_CONCURRENCY", "-1", "1 to 64")]
    [InlineData("DARKTRACE_DATE_FORMAT", "space", "Did you mean spaced?")]
    [InlineData("DARKTRACE_SIGN_ENCODED", "maybe", "true or false")]
    [InlineData("DARKTRACE_HOST", "http://appliance.example", "https://appliance.example")]
    [InlineData("DARKTRACE_HOST", "https://appliance.example/network", "nothing after it")]
    [InlineData("DARKTRACE_HOST", "https://user:pass@appliance.example", "nothing after it")]
    [InlineData("DARKTRACE_PUBLIC_TOKEN", "two words", "Copy it again")]
    [InlineData("DARKTRACE_PRIVATE_TOKEN", Hidden + " x", "Copy it again")]
    public void A_value_that_cannot_be_used_names_the_variable_and_the_remedy(string name, string value, string says)
    {
        var refused = Assert.Throws<SetupException>(() =>
            ProgramOptions.Appliance(Read([.. Whole.Where(pair => pair.Name != name), (name, value)])));
        Assert.StartsWith(name, refused.Message, StringComparison.Ordinal);
        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Hidden, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("pass@", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("DARKTRACE_HOST")]
    [InlineData("DARKTRACE_PUBLIC_TOKEN")]
    [InlineData("DARKTRACE_PRIVATE_TOKEN")]
    public void What_is_missing_is_named_and_the_demo_offered(string name)
    {
        var refused = Assert.Throws<SetupException>(() => ProgramOptions.Appliance(Read([.. Whole.Where(pair => pair.Name != name)])));
        Assert.StartsWith($"{name} is not set.", refused.Message, StringComparison.Ordinal);
        Assert.Contains("--demo", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_bare_host_name_means_https() =>
        Assert.Equal("https://appliance.example/",
            ProgramOptions.Appliance(Read([("DARKTRACE_HOST", "appliance.example"), .. Whole[1..]])).Host.ToString());

    [Fact]
    public void A_token_can_come_from_a_file_and_not_from_two_places()
    {
        File.WriteAllText(_file, "public-from-file\n");
        Assert.Equal("public-from-file", Read(("DARKTRACE_PUBLIC_TOKEN_FILE", _file)).Text(OptionCatalog.PublicToken));
        Assert.Throws<SetupException>(() => Read(("DARKTRACE_PUBLIC_TOKEN_FILE", _file), ("DARKTRACE_PUBLIC_TOKEN", "b")));
        File.WriteAllText(_file, " \n");
        Assert.Contains("DARKTRACE_PUBLIC_TOKEN_FILE is empty",
            Assert.Throws<SetupException>(() => Read(("DARKTRACE_PUBLIC_TOKEN_FILE", _file)).Text(OptionCatalog.PublicToken)).Message,
            StringComparison.Ordinal);
        Assert.Contains("cannot be read",
            Assert.Throws<SetupException>(() =>
                Read(("DARKTRACE_PUBLIC_TOKEN_FILE", _file + "/no")).Text(OptionCatalog.PublicToken)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_environment_goes_before_the_file()
    {
        File.WriteAllText(_file, """
            { // a comment
              "Logging": { "LogLevel": "x" },
              "Darktrace": { "Host": "https://file.example", "Timeout": 30, "PublicToken": "of-the-file", "SignEncoded": true },
              "DtMcp": { "InternalRanges": "10.0.0.0/8" } }
            """);
        var settings = Settings.Read([KeyValuePair.Create("DARKTRACE_HOST", "https://environment.example"),
            KeyValuePair.Create("DARKTRACE_PUBLIC_TOKEN_FILE", "/x")], SettingsFile.Read(_file));
        Assert.Equal("https://environment.example", settings.Text(OptionCatalog.Host));
        Assert.Equal("30", settings.Text(OptionCatalog.Timeout));
        Assert.Equal("true", settings.Choice(OptionCatalog.SignEncoded, ["true", "false"], "false"));
        Assert.Equal("10.0.0.0/8", settings.Text(OptionCatalog.InternalRanges));
        Assert.Throws<SetupException>(() => settings.Text(OptionCatalog.PublicToken));
    }

    [Fact]
    public async Task Several_appliances_have_their_own_settings_and_then_the_tools_ask_which()
    {
        File.WriteAllText(_file, """
            { "Darktrace": { "Timeout": 30, "Appliances": {
                "london": { "Host": "https://one.example", "PublicToken": "one", "PrivateToken": "1" },
                "paris": { "Host": "https://two.example", "PublicToken": "two", "PrivateToken": "2", "Timeout": 9 } } } }
            """);
        var settings = Settings.Read([], SettingsFile.Read(_file));
        Assert.Equal([("london", "one", 30.0), ("paris", "two", 9.0)], settings.Appliances.Select(appliance =>
            (appliance.Name, ProgramOptions.Appliance(appliance.Settings).PublicToken,
                ProgramOptions.Appliance(appliance.Settings).Timeout.TotalSeconds)));

        await using var investigators = InvestigatorOpening.Open(settings, TimeProvider.System, NullLoggerFactory.Instance);
        var parameter = investigators.ParametersOf(ToolCatalog.All[0])[0];
        Assert.Equal("appliance", parameter.Name);
        Assert.Equal(["london", "paris", "all"], parameter.Values);
        Assert.Equal(["paris"], Of("\"PARIS\""));
        Assert.Equal(["london", "paris"], Of("\"paris, london\""));
        Assert.Equal(["london", "paris"], Of("[\"all\"]"));
        Assert.Equal(["london"], Of("null"));

        Assert.Equal(["london", "paris"], investigators.Named(null).Select(entry => entry.Name));
        Assert.Equal(["paris"], investigators.Named(["paris"]).Select(entry => entry.Name));

        IEnumerable<string> Of(string given) => investigators.Of(
            ToolArguments.Read("x", [parameter], [], [KeyValuePair.Create("appliance", JsonElement.Parse(given))]))
            .Select(investigator => investigator.Options.Appliance);
    }

    [Theory]
    [InlineData("""{"Darktrace":{"Appliances":{"a b":{}}}}""", "has the name \"a b\"")]
    [InlineData("""{"Darktrace":{"Appliances":{"All":{}}}}""", "has the name \"All\"")]
    [InlineData("""{"Darktrace":{"Appliances":{"a":{"CacheMb":1}}}}""", "Darktrace:CacheMb")]
    [InlineData("""{"Darktrace":{"Hots":"x"}}""", "Did you mean Darktrace:Host?")]
    [InlineData("{", "cannot be read")]
    public void A_file_that_cannot_be_used_stops_the_start(string json, string says)
    {
        File.WriteAllText(_file, json);
        Assert.Contains(says, Assert.Throws<SetupException>(() => SettingsFile.Read(_file)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_investigator_is_asked_as_the_settings_say()
    {
        var investigator = ProgramOptions.Investigator(Read(("DTMCP_MAX_FLOWS", "5000"), ("DTMCP_CACHE_MB", "64"),
            ("DTMCP_SLICE_HOURS", "6"),
            ("DTMCP_EVIDENCE", "Network")), "a");
        Assert.Equal((5000, 64L << 20, TimeSpan.FromHours(6), EvidencePolicy.Network),
            (investigator.MaxFlows, investigator.CacheBytes, investigator.Slice, investigator.Evidence));
        Assert.Throws<SetupException>(() => ProgramOptions.Investigator(Read(("DTMCP_INTERNAL_RANGES", "10.0.0.0/99")), "a"));
    }

    [Fact]
    public void The_defaults_of_the_catalog_are_those_of_the_options()
    {
        var investigator = ProgramOptions.Investigator(Read(), "a");
        Assert.Equal(OptionCatalog.MaxFlows.Default, $"{investigator.MaxFlows}");
        Assert.Equal(OptionCatalog.CacheMb.Default, $"{investigator.CacheBytes >> 20}");
        Assert.Equal(OptionCatalog.SliceHours.Default, $"{investigator.Slice.TotalHours}");
        var appliance = ProgramOptions.Appliance(Read(Whole));
        Assert.Equal(OptionCatalog.Timeout.Default, $"{appliance.Timeout.TotalSeconds}");
        Assert.Equal(OptionCatalog.MaxConcurrency.Default, $"{appliance.MaxConcurrency}");
    }

    private static readonly (string Name, string Value)[] Whole =
        [("DARKTRACE_HOST", "https://appliance.example"), ("DARKTRACE_PUBLIC_TOKEN", "public"), ("DARKTRACE_PRIVATE_TOKEN", "private")];

    private static Settings Read(params (string Name, string Value)[] pairs) =>
        Settings.Read(pairs.Select(pair => KeyValuePair.Create(pair.Name, pair.Value)));
}
