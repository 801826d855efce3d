using DtMcp.Serving;
using DtMcp.Tools;

namespace DtMcp.Investigations;

/// <summary>Picks a tool by the words of a question alone, from what <c>tools/list</c> says of each.</summary>
internal sealed class Literal
{
    private readonly List<string> _names = [.. ToolCatalog.All.Select(tool => tool.Name)];
    private readonly Bm25 _listed = new(ToolCatalog.All.Select(Listed));

    public string Pick(string question) => _names[_listed.Best(question)];

    /// <summary>What <c>tools/list</c> says of a tool.</summary>
    public static string Listed(ToolDefinition tool)
    {
        var listed = ToolServer.Describe(tool, tool.Parameters);
        return $"{listed.Name} {listed.Title} {listed.Description}";
    }
}
