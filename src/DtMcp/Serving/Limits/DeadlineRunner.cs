using System.Text.Json;
using DtMcp.Running;
using DtMcp.Tools;
using DtMcp.Tools.Arguments;
using DtMcp.Traffic.Questions;

namespace DtMcp.Serving.Limits;

/// <summary>Answers within a time, or says that it could not. What was asked of the appliance for it is given up.</summary>
internal sealed class DeadlineRunner(IToolRunner runner, TimeSpan longest, TimeProvider clock) : IToolRunner
{
    /// <summary>The code of an answer that took too long.</summary>
    public const string Code = "took_too_long";

    public string? Notice => runner.Notice;

    public bool IsStructured => runner.IsStructured;

    public IReadOnlyList<ToolDefinition> Tools => runner.Tools;

    public IReadOnlyList<string> Appliances => runner.Appliances;

    public IReadOnlyList<Parameter> ParametersOf(ToolDefinition tool) => runner.ParametersOf(tool);

    public async Task<ToolOutcome> RunAsync(
        ToolDefinition tool, IEnumerable<KeyValuePair<string, JsonElement>> given, bool noBudget, IProgress<AskProgress>? progress,
        CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(longest, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            return await runner.RunAsync(tool, given, noBudget, progress, either.Token);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return new ToolOutcome(FormattableString.Invariant(
                $"{Code}: The answer took longer than {longest.TotalSeconds:0} s. Ask for a shorter window, or with a filter."),
                null, IsError: true);
        }
    }
}
