using System.Text;
using System.Text.Json;
using DtMcp.Darktrace.Sending;
using DtMcp.Running;
using DtMcp.Tools;
using DtMcp.Tools.Arguments;
using DtMcp.Traffic.Questions;

namespace DtMcp.Serving.Auditing;

/// <summary>
/// Writes a line for each call that was answered, refused or given up, and for one of a tool that the caller has not: somebody who looks
/// for what is not theirs is what the record is for.
/// </summary>
internal sealed class AuditedRunner(IToolRunner runner, AuditLog log, TimeProvider clock) : IToolRunner
{
    // Which there are is not said here: only that the argument is one.
    private static readonly Parameter Appliance = new("appliance", ParameterKind.Names, "");

    public string? Notice => runner.Notice;

    public bool IsStructured => runner.IsStructured;

    public IReadOnlyList<ToolDefinition> Tools => runner.Tools;

    public IReadOnlyList<string> Appliances => runner.Appliances;

    public IReadOnlyList<Parameter> ParametersOf(ToolDefinition tool) => runner.ParametersOf(tool);

    public ToolDefinition? Take(string name, IEnumerable<KeyValuePair<string, JsonElement>> given)
    {
        if (runner.Take(name, given) is { } tool)
        {
            return tool;
        }

        log.Write(new AuditEntry
        {
            Caller = Caller.Current,
            Tool = name,
            Known = ToolCatalog.Find(name) is { } others ? [Appliance, .. others.Parameters] : [],
            Given = [.. given],
            Outcome = "refused",
            Code = "unknown_tool",
        });
        return null;
    }

    public async Task<ToolOutcome> RunAsync(
        ToolDefinition tool, IEnumerable<KeyValuePair<string, JsonElement>> given, bool noBudget, IProgress<AskProgress>? progress,
        CancellationToken cancellationToken)
    {
        var entry = new AuditEntry
        {
            Caller = Caller.Current,
            Tool = tool.Name,
            Known = runner.ParametersOf(tool),
            Given = [.. given],
        };
        var start = clock.GetTimestamp();
        var lane = Lane.Beneath();
        Lane.Enter(lane);
        try
        {
            var outcome = await runner.RunAsync(tool, entry.Given, noBudget, progress, cancellationToken);
            log.Write(entry with
            {
                Outcome = outcome.IsError ? "refused" : "answered",
                // An error is its code, a colon and a sentence.
                Code = outcome.IsError ? outcome.Text.Split(':', 2)[0] : null,
                AnswerBytes = Encoding.UTF8.GetByteCount(outcome.Text),
                Duration = clock.GetElapsedTime(start),
                Used = lane.Used,
            });
            return outcome;
        }
        catch (OperationCanceledException)
        {
            log.Write(entry with { Outcome = "given_up", Duration = clock.GetElapsedTime(start), Used = lane.Used });
            throw;
        }
    }
}
