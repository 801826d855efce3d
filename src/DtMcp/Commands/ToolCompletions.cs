using System.CommandLine.Completions;
using DtMcp.Tools;
using DtMcp.Tools.Arguments;

namespace DtMcp.Commands;

/// <summary>What may stand on the line of a tool: its name, then its arguments with the words that they take.</summary>
internal static class ToolCompletions
{
    private static readonly string[] Windows = ["15m", "1h", "24h", "7d"];

    public static IEnumerable<CompletionItem> Names => ToolCatalog.All.Select(tool => new CompletionItem(tool.Name, detail: tool.Title));

    /// <summary><c>name=value</c> for each word of a choice, <c>name=</c> for the rest; what is given already is left out.</summary>
    public static IEnumerable<CompletionItem> Pairs(string? tool, IReadOnlyList<string> given)
    {
        var known = ToolCatalog.Find(tool ?? "");
        if (known is null)
        {
            return [];
        }

        var open = known.Parameters.Where(parameter => !given.Any(pair =>
            pair.StartsWith($"{parameter.Name}=", StringComparison.Ordinal) && !IsBegun(parameter, pair)));
        return open.SelectMany(parameter =>
            Words(parameter).DefaultIfEmpty("").Select(word => new CompletionItem($"{parameter.Name}={word}")));
    }

    // The word that is being typed is among what is given.
    private static bool IsBegun(Parameter parameter, string pair) =>
        pair.Length == parameter.Name.Length + 1
        || Words(parameter).Any(word => word.StartsWith(pair[(parameter.Name.Length + 1)..], StringComparison.OrdinalIgnoreCase)
            && word.Length + parameter.Name.Length + 1 > pair.Length);

    private static IEnumerable<string> Words(Parameter parameter) => parameter.Kind switch
    {
        ParameterKind.Choice or ParameterKind.Sort or ParameterKind.Names => parameter.Values,
        ParameterKind.Flag => ["true", "false"],
        ParameterKind.Duration => Windows,
        _ => [],
    };
}
