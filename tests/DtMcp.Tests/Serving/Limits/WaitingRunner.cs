using System.Text.Json;
using System.Threading.Channels;
using DtMcp.Running;
using DtMcp.Tools;
using DtMcp.Tools.Arguments;
using DtMcp.Traffic.Questions;

namespace DtMcp.Tests.Serving.Limits;

/// <summary>Answers when it is told to.</summary>
internal sealed class WaitingRunner : IToolRunner
{
    private readonly Channel<string> _asked = Channel.CreateUnbounded<string>();
    private readonly TaskCompletionSource _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string? Notice => null;

    public bool IsStructured => false;

    /// <summary>Waits until one more call has come.</summary>
    public async Task AskedAsync() => await _asked.Reader.ReadAsync(TestContext.Current.CancellationToken);

    public void Answer() => _answer.TrySetResult();

    public IReadOnlyList<ToolDefinition> Tools => ToolCatalog.All;

    public IReadOnlyList<string> Appliances => ["appliance"];

    public IReadOnlyList<Parameter> ParametersOf(ToolDefinition tool) => tool.Parameters;

    public async Task<ToolOutcome> RunAsync(
        ToolDefinition tool, IEnumerable<KeyValuePair<string, JsonElement>> given, bool noBudget, IProgress<AskProgress>? progress,
        CancellationToken cancellationToken)
    {
        _asked.Writer.TryWrite(tool.Name);
        await _answer.Task.WaitAsync(cancellationToken);
        return new ToolOutcome("answered at last", null, IsError: false);
    }
}
