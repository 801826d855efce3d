using DtMcp.Running;
using Microsoft.Extensions.Logging.Abstractions;

namespace DtMcp.Tests.Serving.Access;

/// <summary>Two emulated appliances, london and paris, and the tools on them.</summary>
public sealed class TwoAppliances : IAsyncLifetime
{
    internal InvestigatorFixture London { get; private set; } = null!;

    internal InvestigatorFixture Paris { get; private set; } = null!;

    internal ToolRunner Runner { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        London = await StartAsync("london");
        Paris = await StartAsync("paris");
        Runner = new ToolRunner(
            new Investigators(
                [new("london", London.Investigator, London.Client), new("paris", Paris.Investigator, Paris.Client)],
                London.Appliance.Clock),
            NullLoggerFactory.Instance);
    }

    public async ValueTask DisposeAsync()
    {
        await London.DisposeAsync();
        await Paris.DisposeAsync();
    }

    private static Task<InvestigatorFixture> StartAsync(string name) => InvestigatorFixture.StartAsync(
        options => options with { ClockRuns = false, Connections = 500, Days = 1 }, options => options with { Appliance = name });
}
