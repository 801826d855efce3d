using System.Collections.Concurrent;
using System.Text.Json;
using DtMcp.Darktrace;
using DtMcp.Darktrace.Sending;
using DtMcp.Darktrace.Signing;
using DtMcp.Running;
using DtMcp.Simulator;
using DtMcp.Simulator.Setup;
using DtMcp.Tests.Support;
using DtMcp.Tests.Tools;
using DtMcp.Tools;
using DtMcp.Traffic;
using DtMcp.Traffic.Questions;
using Microsoft.Extensions.Logging.Abstractions;

[assembly: AssemblyFixture(typeof(ToolAppliances))]

namespace DtMcp.Tests.Tools;

/// <summary>
/// Two days of a small office on a clock that stands still, one emulated appliance for each set of permissions, shared by the tests of all
/// tools. Each call is the first of its investigator, so that no answer depends on another.
/// </summary>
public sealed class ToolAppliances : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, Lazy<Task<ApplianceSimulator>>> _appliances = new(StringComparer.Ordinal);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>What a tool answers to JSON arguments, where the token lacks a permission or none.</summary>
    public async Task<(string Text, bool IsError)> CallAsync(string tool, string arguments, string without = "")
    {
        var appliance = await _appliances.GetOrAdd(without, _ => new Lazy<Task<ApplianceSimulator>>(() =>
            StartAsync(Office with { Without = without.Length == 0 ? [] : [without] }))).Value;
        using var client = ClientOf(appliance);
        return await CallAsync(client, appliance.Clock, tool, arguments);
    }

    /// <summary>What a tool answers when every request to the appliance goes wrong in the same way.</summary>
    public static async Task<(string Text, bool IsError)> CallFaultyAsync(string fault, string tool, string arguments)
    {
        await using var appliance = await StartAsync(Office with { Connections = 20, Days = 1, Fault = fault });
        using var client = ClientOf(appliance);
        return await CallAsync(client, appliance.Clock, tool, arguments);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var appliance in _appliances.Values)
        {
            await (await appliance.Value).DisposeAsync();
        }
    }

    internal static async Task<(string Text, bool IsError)> CallAsync(DarktraceClient client, TimeProvider clock, string tool,
        string arguments)
    {
        var investigator = new Investigator(new InvestigatorOptions { Appliance = "demo", Synthetic = true }, client, clock);
        await using var investigators = new Investigators([new Investigators.Entry("demo", investigator, client)], clock);
        var given = JsonElement.Parse(arguments).EnumerateObject().Select(member => KeyValuePair.Create(member.Name, member.Value));
        var outcome = await new ToolRunner(investigators, NullLoggerFactory.Instance).RunAsync(ToolCatalog.Find(tool)!, given,
            noBudget: false, progress: null, Token);
        return (outcome.Text, outcome.IsError);
    }

    private static SimulatorOptions Office => new()
    {
        PublicToken = Clients.PublicToken,
        PrivateToken = Clients.PrivateToken,
        Now = ToolCalls.Now,
        ClockRuns = false,
        Connections = 3_000,
    };

    // Not by the token of the test that happens to ask first: others go on using it.
    private static Task<ApplianceSimulator> StartAsync(SimulatorOptions options) =>
        ApplianceSimulator.StartAsync(options, TimeProvider.System, CancellationToken.None);

    private static DarktraceClient ClientOf(ApplianceSimulator appliance) => DarktraceClient.Create(
        new DarktraceOptions
        {
            Host = appliance.Address,
            PublicToken = Clients.PublicToken,
            PrivateToken = new Secret(Clients.PrivateToken),
        },
        appliance.Clock,
        null);
}
