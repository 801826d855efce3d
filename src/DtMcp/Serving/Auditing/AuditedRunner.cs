using System.Text;
using System.Text.Json;
using DtMcp.Running;
using DtMcp.Tools;
using DtMcp.Tools.Arguments;
using DtMcp.Traffic.Questions;

namespace DtMcp.Serving.Auditing;

/// <summary>Writes a line for each call that was answered, refused or given up.</summary>
internal sealed class AuditedRunner(IToolRunner runner, AuditLog log, TimeProvider clock) : IToolRunner
{
    public string? Notice => runner.Notice;

    public bool IsStructured => runner.IsStructured;

    public IReadOnlyList<Parameter> ParametersOf(ToolDefinition tool) => runner.ParametersOf(tool);

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
        var read = new ReadProgress(progress);
        try
        {
            var outcome = await runner.RunAsync(tool, entry.Given, noBudget, read, cancellationToken);
            log.Write(entry with
            {
                Outcome = outcome.IsError ? "refused" : "answered",
                // An error is its code, a colon and a sentence.
                Code = outcome.IsError ? outcome.Text.Split(':', 2)[0] : null,
                AnswerBytes = Encoding.UTF8.GetByteCount(outcome.Text),
                Duration = clock.GetElapsedTime(start),
                Read = read.Last,
            });
            return outcome;
        }
        catch (OperationCanceledException)
        {
            log.Write(entry with { Outcome = "given_up", Duration = clock.GetElapsedTime(start), Read = read.Last });
            throw;
        }
    }

    private sealed class ReadProgress(IProgress<AskProgress>? next) : IProgress<AskProgress>
    {
        private readonly Lock _lock = new();
        private readonly ProgressCourse _course = new();
        private AskProgress? _last;

        /// <summary>What was read of the appliance; null when nothing was said of it.</summary>
        public AskProgress? Last
        {
            get
            {
                lock (_lock)
                {
                    return _last;
                }
            }
        }

        public void Report(AskProgress value)
        {
            lock (_lock)
            {
                _last = _course.Add(value);
            }

            next?.Report(value);
        }
    }
}
