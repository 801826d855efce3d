using System.Text.Json;
using DtMcp.Darktrace;
using DtMcp.Darktrace.Requests;
using DtMcp.Darktrace.Sending;
using DtMcp.Darktrace.Signing;
using DtMcp.Darktrace.Values;
using DtMcp.Simulator;
using DtMcp.Simulator.Setup;
using DtMcp.Tests.Support;
using DtMcp.Traffic;
using DtMcp.Traffic.Evidence.Collected;
using DtMcp.Traffic.Questions;

namespace DtMcp.Tests;

/// <summary>An investigator that asks an emulated appliance over real signed HTTP.</summary>
internal sealed class InvestigatorFixture : IAsyncDisposable
{
    private readonly DarktraceClient _client;

    private InvestigatorFixture(ApplianceSimulator appliance, DarktraceClient client, Investigator investigator)
    {
        Appliance = appliance;
        _client = client;
        Investigator = investigator;
    }

    public ApplianceSimulator Appliance { get; }

    public Investigator Investigator { get; }

    public DarktraceClient Client => _client;

    public DateTimeOffset Now => Appliance.Clock.GetUtcNow();

    public static async Task<InvestigatorFixture> StartAsync(
        Func<SimulatorOptions, SimulatorOptions>? configure = null, Func<InvestigatorOptions, InvestigatorOptions>? investigator = null,
        TimeSpan? timeout = null, HttpMessageHandler? wire = null)
    {
        var options = new SimulatorOptions { PublicToken = "public-0001", PrivateToken = "private-0002" };
        options = configure?.Invoke(options) ?? options;
        return Over(
            await ApplianceSimulator.StartAsync(options, TimeProvider.System, TestContext.Current.CancellationToken), options, investigator,
            timeout, wire);
    }

    /// <summary>Another on the same appliance, by a way of its own.</summary>
    public static InvestigatorFixture Over(ApplianceSimulator appliance, SimulatorOptions options,
        Func<InvestigatorOptions, InvestigatorOptions>? investigator, TimeSpan? timeout, HttpMessageHandler? wire,
        TimeProvider? clock = null)
    {
        var client = DarktraceClient.Create(
            new DarktraceOptions
            {
                Host = appliance.Address,
                PublicToken = options.PublicToken,
                PrivateToken = new Secret(options.PrivateToken),
                Timeout = timeout ?? TimeSpan.FromSeconds(60),
            },
            clock ?? appliance.Clock,
            null,
            wire);
        var investigatorOptions = new InvestigatorOptions { Appliance = "demo", Synthetic = true };
        return new InvestigatorFixture(appliance, client,
            new Investigator(investigator?.Invoke(investigatorOptions) ?? investigatorOptions, client, appliance.Clock));
    }

    /// <summary>The whole JSON answer to a question over the last day or a given window.</summary>
    public async Task<JsonElement> AskAsync(string tool, NetworkQuery? filters = null, TimeWindow? window = null,
        Func<Question, Question>? more = null, IProgress<AskProgress>? progress = null, CancellationToken? cancellationToken = null)
    {
        var question = new Question
        {
            Investigation = Investigating.Of(tool),
            Filters = filters ?? new NetworkQuery(),
            Window = window ?? LastDay,
            Format = AnswerFormat.Json,
            NoBudget = true,
            Limit = 100_000,
        };
        var answer = await Investigator.AskAsync(
            more?.Invoke(question) ?? question, progress, cancellationToken ?? TestContext.Current.CancellationToken);
        using var document = JsonDocument.Parse(answer.Json!);
        return document.RootElement.Clone();
    }

    public TimeWindow LastDay => new(Now.AddDays(-1).ToUnixTimeMilliseconds(), Now.ToUnixTimeMilliseconds());

    /// <summary>Another investigator on the same appliance.</summary>
    public Investigator InvestigatorBy(
        TimeProvider clock, WorkGate? gate = null, InvestigatorOptions? options = null, IHistory? history = null) => new(
            options ?? new InvestigatorOptions { Appliance = "demo", Synthetic = true }, _client, clock, gate ?? WorkGate.OfProcess,
            history);

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await Appliance.DisposeAsync();
    }
}
