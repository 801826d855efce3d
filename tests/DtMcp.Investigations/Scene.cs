using System.Text.Json;
using DtMcp.Darktrace;
using DtMcp.Darktrace.Sending;
using DtMcp.Darktrace.Signing;
using DtMcp.Running;
using DtMcp.Simulator;
using DtMcp.Simulator.Setup;
using DtMcp.Tools;
using DtMcp.Traffic;
using DtMcp.Traffic.Questions;
using Microsoft.Extensions.Logging.Abstractions;

namespace DtMcp.Investigations;

/// <summary>An emulated appliance with records, and the program's own way from a tool call to the text that a model reads.</summary>
internal sealed class Scene : IAsyncDisposable
{
    public const string PublicToken = "investigations-public";
    public const string PrivateToken = "investigations-private";

    private readonly ApplianceSimulator _appliance;
    private readonly DarktraceClient _client;
    private readonly Investigators _investigators;

    private Scene(string name, ApplianceSimulator appliance)
    {
        (Name, _appliance) = (name, appliance);
        _client = DarktraceClient.Create(
            new DarktraceOptions { Host = appliance.Address, PublicToken = PublicToken, PrivateToken = new Secret(PrivateToken) },
            appliance.Clock, null);
        var investigator = new Investigator(new InvestigatorOptions { Appliance = "demo", Synthetic = true }, _client, appliance.Clock);
        _investigators = new Investigators([new Investigators.Entry("demo", investigator, _client)], appliance.Clock);
        var now = appliance.Clock.GetUtcNow();
        Ledger = new Ledger(appliance.Records, now.AddDays(-1).ToUnixTimeMilliseconds(), now.ToUnixTimeMilliseconds());
    }

    public string Name { get; }

    /// <summary>What is right, of the last 24 hours.</summary>
    public Ledger Ledger { get; }

    public DateTimeOffset Now => _appliance.Clock.GetUtcNow();

    public bool IsMadeUp => _appliance.Records.Synthetic;

    public static async Task<Scene> StartAsync(string name, SimulatorOptions options) => new(name,
        await ApplianceSimulator.StartAsync(options, TimeProvider.System, CancellationToken.None));

    /// <summary>A call as it is written in an answer: <c>tool name=value name=value</c>.</summary>
    public async Task<string> CallAsync(string call)
    {
        var words = call.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var tool = ToolCatalog.Find(words[0]) ?? throw new InvalidOperationException($"no tool {words[0]}");
        var given = words[1..].Select(word => word.Split('=', 2)).Select(pair =>
            KeyValuePair.Create(pair[0], JsonElement.Parse(JsonSerializer.Serialize(pair[1]))));
        return (await new ToolRunner(_investigators, NullLoggerFactory.Instance).RunAsync(
            tool, given, noBudget: false, progress: null, CancellationToken.None)).Text;
    }

    public async ValueTask DisposeAsync()
    {
        await _investigators.DisposeAsync();
        _client.Dispose();
        await _appliance.DisposeAsync();
    }
}
