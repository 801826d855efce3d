using System.Text.Json;
using DtMcp.Configuration;
using DtMcp.Simulator.Setup;
using DtMcp.Tools;
using DtMcp.Tools.Arguments;
using DtMcp.Traffic.Questions;
using DtMcp.Traffic.Rendering;

namespace DtMcp.Running;

/// <summary>
/// Answers calls while DtMcp cannot ask an appliance as it is set up: each with what is wrong and what to do. A client whose server ends
/// at the start shows "failed to connect" and no word of why. Every call tries the set-up again, so that a mended file is enough.
/// </summary>
/// <param name="context">Where the settings come from.</param>
/// <param name="isDemo">Whether the emulated appliance is meant.</param>
/// <param name="open">Opens the investigators of a context.</param>
/// <param name="loggers">Where the calls are logged once it works.</param>
internal sealed class SetupRunner(
    ProcessContext context, bool isDemo, Func<ProcessContext, CancellationToken, Task<Investigators>> open, ILoggerFactory loggers)
    : IToolRunner, IAsyncDisposable
{
    private readonly SemaphoreSlim _opening = new(1, 1);
    private Investigators? _investigators;

    public string Notice =>
        "DtMcp is not set up yet: until that is mended every call answers with what is wrong: tell the user. "
        + "Call check_appliance for all of it.";

    public bool IsStructured { get; } = ProgramOptions.IsStructured(context.Settings);

    /// <summary>What is wrong now; empty once it works.</summary>
    public IReadOnlyList<SetupProblem> Problems { get; private set; } = [];

    public IReadOnlyList<ToolDefinition> Tools => ToolCatalog.All;

    public IReadOnlyList<string> Appliances => [.. (_investigators?.Entries ?? []).Select(entry => entry.Name)];

    public IReadOnlyList<Parameter> ParametersOf(ToolDefinition tool) => _investigators?.ParametersOf(tool) ?? tool.Parameters;

    public async Task<ToolOutcome> RunAsync(
        ToolDefinition tool, IEnumerable<KeyValuePair<string, JsonElement>> given, bool noBudget, IProgress<AskProgress>? progress,
        CancellationToken cancellationToken)
    {
        var settings = await TryAsync(cancellationToken);
        if (_investigators is { } investigators)
        {
            return await new ToolRunner(investigators, loggers, IsStructured).RunAsync(tool, given, noBudget, progress, cancellationToken);
        }

        if (tool is CheckAppliance)
        {
            // Wrong arguments of a check are no reason to hide what it found.
            var form = given.FirstOrDefault(pair => pair.Key == Parameters.Format.Name).Value;
            var format = form.ValueKind != JsonValueKind.String ? AnswerFormat.Markdown : form.GetString()!.Trim().ToUpperInvariant() switch
            {
                "JSON" => AnswerFormat.Json,
                "CSV" => AnswerFormat.Csv,
                _ => AnswerFormat.Markdown,
            };
            var text = DigestRenderer.Render(SetupReview.Report(Problems, settings), format, Detail.Full, noBudget: true);
            return new ToolOutcome(text, format == AnswerFormat.Json ? text : null, IsError: false);
        }

        var more = Problems.Count > 1 ? $" ({Problems.Count} things are wrong; check_appliance lists them.)" : "";
        return new ToolOutcome($"{SetupReview.Code}: {Problems[0].Text}{more}", null, IsError: true);
    }

    /// <summary>Tries to open with the settings as they are now, and returns them.</summary>
    public async Task<Settings> TryAsync(CancellationToken cancellationToken)
    {
        await _opening.WaitAsync(cancellationToken);
        try
        {
            if (_investigators is not null)
            {
                return context.Settings;
            }

            var now = context with { Settings = context.ReadAgain?.Invoke() ?? context.Settings };
            Problems = SetupReview.Problems(now.Settings, isDemo, now.Clock);
            if (Problems.Count == 0)
            {
                await OpenAsync(now, cancellationToken);
            }

            return now.Settings;
        }
        finally
        {
            _opening.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _opening.Dispose();
        if (_investigators is not null)
        {
            await _investigators.DisposeAsync();
        }
    }

    private async Task OpenAsync(ProcessContext now, CancellationToken cancellationToken)
    {
        try
        {
            _investigators = await open(now, cancellationToken);
        }
        catch (Exception refused) when (refused is SetupException or SimulatorException)
        {
            Problems = [new SetupProblem("start", refused.Message)];
        }
    }
}
