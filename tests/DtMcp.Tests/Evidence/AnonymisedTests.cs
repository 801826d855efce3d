using System.Text.Json;
using DtMcp.Simulator.Setup;

namespace DtMcp.Tests.Evidence;

/// <summary>No anonymised answer says that it is one; that the token may use <c>/network</c> and not <c>/devicesearch</c> does.</summary>
public class AnonymisedTests
{
    [Theory]
    [InlineData(Dialect.Guide, true)]
    [InlineData(Dialect.Sdk, true)]
    [InlineData(Dialect.Guide, false)]
    [InlineData(Dialect.Sdk, false)]
    public async Task Once_checked_answers_say_that_names_are_not_the_real_ones(Dialect dialect, bool isRestricted)
    {
        await using var investigator = await InvestigatorFixture.StartAsync(options =>
            options with { Dialect = dialect, Restricted = isRestricted });

        var check = await investigator.AskAsync("check_appliance");
        var answer = await investigator.AskAsync("summarize_external_traffic");

        Assert.Equal(isRestricted, Says(check));
        Assert.Equal(isRestricted, Says(answer));
    }

    [Theory]
    [InlineData(Dialect.Guide, true)]
    [InlineData(Dialect.Sdk, true)]
    [InlineData(Dialect.Guide, false)]
    [InlineData(Dialect.Sdk, false)]
    public async Task The_first_answer_says_so_though_nothing_was_checked_before(Dialect dialect, bool isRestricted)
    {
        await using var investigator = await InvestigatorFixture.StartAsync(options =>
            options with { Dialect = dialect, Restricted = isRestricted });

        Assert.Equal(isRestricted, Says(await investigator.AskAsync("summarize_network_traffic")));
        Assert.Equal(isRestricted, Says(await investigator.AskAsync("hunt_traffic")));
        Assert.Single(investigator.Appliance.Requests, request => request.Target.StartsWith("/devicesearch", StringComparison.Ordinal));
    }

    private static bool Says(JsonElement answer) =>
        answer.GetProperty("notes").EnumerateArray().Any(note =>
            note.GetString()!.Contains("Unrestricted Devices\".", StringComparison.Ordinal));
}
