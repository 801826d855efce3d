using System.Text.Json;
using DtMcp.Darktrace;
using DtMcp.Darktrace.Querying;
using DtMcp.Darktrace.Signing;
using DtMcp.Simulator;
using DtMcp.Traffic;
using DtMcp.Traffic.Asking;

namespace DtMcp.Tests.Asking;

/// <summary>A desk that asks an emulated appliance over real signed HTTP.</summary>
internal sealed class DeskFixture : IAsyncDisposable
{
    private readonly DarktraceClient _client;

    private DeskFixture(ApplianceSimulator appliance, DarktraceClient client, TrafficDesk desk)
    {
        Appliance = appliance;
        _client = client;
        Desk = desk;
    }

    public ApplianceSimulator Appliance { get; }

    public TrafficDesk Desk { get; }

    public DarktraceClient Client => _client;

    public DateTimeOffset Now => Appliance.Clock.GetUtcNow();

    public static async Task<DeskFixture> StartAsync(
        Func<SimulatorOptions, SimulatorOptions>? configure = null, Func<DeskOptions, DeskOptions>? desk = null, TimeSpan? timeout = null)
    {
        var options = new SimulatorOptions { PublicToken = "desk-public-0001", PrivateToken = "desk-private-0002" };
        options = configure?.Invoke(options) ?? options;
        var appliance = await ApplianceSimulator.StartAsync(options, TimeProvider.System, TestContext.Current.CancellationToken);
        var client = DarktraceClient.Create(
            new DarktraceOptions
            {
                Host = appliance.Address,
                PublicToken = options.PublicToken,
                PrivateToken = new Secret(options.PrivateToken),
                Timeout = timeout ?? TimeSpan.FromSeconds(60),
            },
            appliance.Clock,
            null);
        var deskOptions = new DeskOptions { Appliance = "demo", Synthetic = true };
        return new DeskFixture(appliance, client, new TrafficDesk(desk?.Invoke(deskOptions) ?? deskOptions, client, appliance.Clock));
    }

    /// <summary>The whole JSON answer to a question over the last day or a given window.</summary>
    public async Task<JsonElement> AskAsync(string tool, NetworkQuery? filters = null, TimeWindow? window = null, Func<Question, Question>? more = null, IProgress<AskProgress>? progress = null)
    {
        var question = new Question
        {
            Tool = tool,
            Filters = filters ?? new NetworkQuery(),
            Window = window ?? LastDay,
            Format = AnswerFormat.Json,
            NoBudget = true,
            Limit = 100_000,
        };
        var answer = await Desk.AskAsync(more?.Invoke(question) ?? question, progress, TestContext.Current.CancellationToken);
        using var document = JsonDocument.Parse(answer.Json!);
        return document.RootElement.Clone();
    }

    public TimeWindow LastDay => new(Now.AddDays(-1).ToUnixTimeMilliseconds(), Now.ToUnixTimeMilliseconds());

    /// <summary>Another desk on the same appliance.</summary>
    public TrafficDesk DeskBy(TimeProvider clock, WorkGate? gate = null, DeskOptions? options = null) =>
        new(options ?? new DeskOptions { Appliance = "demo", Synthetic = true }, _client, clock, gate ?? WorkGate.OfProcess);

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await Appliance.DisposeAsync();
    }
}
