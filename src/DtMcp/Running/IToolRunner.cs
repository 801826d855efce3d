using System.Text.Json;
using DtMcp.Tools;
using DtMcp.Tools.Arguments;
using DtMcp.Traffic.Questions;

namespace DtMcp.Running;

/// <summary>What answers tool calls.</summary>
internal interface IToolRunner
{
    /// <summary>What a client is to be told before its first call; null when all is well.</summary>
    string? Notice { get; }

    /// <summary>Whether every answer is JSON of a declared schema (<c>DTMCP_STRUCTURED</c>).</summary>
    bool IsStructured { get; }

    /// <summary>The tools that the caller has, in the order a client lists them.</summary>
    IReadOnlyList<ToolDefinition> Tools { get; }

    /// <summary>The appliances that the caller may ask, by name; empty while none can be asked.</summary>
    IReadOnlyList<string> Appliances { get; }

    /// <summary>A tool's parameters here.</summary>
    IReadOnlyList<Parameter> ParametersOf(ToolDefinition tool);

    /// <summary>The caller's tool of a name; null where there is none.</summary>
    ToolDefinition? Find(string name) => Tools.FirstOrDefault(tool => tool.Name == name);

    /// <summary>The same for a call: where there is none, the call is refused, and whoever keeps a record of calls keeps that.</summary>
    ToolDefinition? Take(string name, IEnumerable<KeyValuePair<string, JsonElement>> given) => Find(name);

    /// <summary>Answers; everything that goes wrong becomes an error outcome, save the caller's own cancellation.</summary>
    Task<ToolOutcome> RunAsync(
        ToolDefinition tool, IEnumerable<KeyValuePair<string, JsonElement>> given, bool noBudget, IProgress<AskProgress>? progress,
        CancellationToken cancellationToken);
}
