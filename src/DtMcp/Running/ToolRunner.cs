using System.Text.Json;
using DtMcp.Darktrace.Errors;
using DtMcp.Tools;
using DtMcp.Tools.Arguments;
using DtMcp.Traffic;
using DtMcp.Traffic.Questions;

namespace DtMcp.Running;

/// <summary>
/// Runs one tool call: arguments to a question, the question to the investigator, the answer or the error back. MCP and the command line
/// share it.
/// </summary>
internal sealed partial class ToolRunner(Investigators investigators, ILoggerFactory loggers, bool isStructured = false) : IToolRunner
{
    private readonly ILogger _logger = loggers.CreateLogger("DtMcp.Tools");

    public string? Notice => null;

    public bool IsStructured => isStructured;

    public IReadOnlyList<ToolDefinition> Tools => ToolCatalog.All;

    public IReadOnlyList<string> Appliances { get; } = [.. investigators.Entries.Select(entry => entry.Name)];

    public IReadOnlyList<Parameter> ParametersOf(ToolDefinition tool) => investigators.ParametersOf(tool);

    public async Task<ToolOutcome> RunAsync(
        ToolDefinition tool, IEnumerable<KeyValuePair<string, JsonElement>> given, bool noBudget, IProgress<AskProgress>? progress,
        CancellationToken cancellationToken)
    {
        try
        {
            var arguments = ToolArguments.Read(tool.Name, investigators.ParametersOf(tool), tool.Required, given);
            var question = tool.Ask(arguments, investigators.Clock) with
            {
                NoBudget = noBudget,
                Seal = Asker.Current?.Seal,
            };
            List<(Investigator Investigator, Question Question)> asked = [.. investigators.Of(arguments).Select(investigator =>
                (investigator, question with { Tools = Asker.Current?.Reach.ToolsOn(investigator.Options.Appliance) }))];
            var answer = asked is [var only]
                ? await only.Investigator.AskAsync(only.Question, progress, cancellationToken)
                : await JointInvestigator.AskAsync(asked, progress, cancellationToken);
            return new ToolOutcome(answer.Json ?? answer.Text, answer.Json, IsError: false);
        }
        catch (ApplianceException failure)
        {
            ToolFailed(tool.Name, failure.Code);
            return ToolOutcome.Refused(failure);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception fault)
        {
            ToolBroke(tool.Name, fault);
            return new ToolOutcome(
                "internal_error: DtMcp failed on this question. Try a smaller window or another tool; the log on stderr names the fault.",
                null, IsError: true);
        }
    }

    [LoggerMessage(LogLevel.Information, "{Tool} was refused: {Code}")]
    private partial void ToolFailed(string tool, string code);

    [LoggerMessage(LogLevel.Error, "{Tool} broke")]
    private partial void ToolBroke(string tool, Exception fault);
}
