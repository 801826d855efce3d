using System.Collections.Concurrent;
using DtMcp.Tools;
using DtMcp.Traffic.Answers;

namespace DtMcp.Running;

/// <summary>Some tools on some appliances.</summary>
/// <param name="Tools">Their names; null for all.</param>
/// <param name="Appliances">Their names; null for all.</param>
internal sealed record Grant(IReadOnlySet<string>? Tools, IReadOnlySet<string>? Appliances)
{
    public bool Holds(string tool, string appliance) =>
        Tools?.Contains(tool) != false && Appliances?.Contains(appliance) != false;
}

/// <summary>What somebody may use. Grants add up: who may use one tool on one appliance and another on another may do no more.</summary>
internal sealed class Reach(IReadOnlyList<Grant> grants)
{
    private readonly ConcurrentDictionary<string, OwnTools> _tools = new(StringComparer.Ordinal);

    public static Reach Everything { get; } = new([new Grant(null, null)]);

    public IReadOnlyList<Grant> Grants => grants;

    public bool IsEverything { get; } = grants.Any(grant => grant is { Tools: null, Appliances: null });

    /// <summary>The tools that may be used on an appliance, the same set each time; null for all.</summary>
    public OwnTools? ToolsOn(string appliance) => IsEverything ? null : _tools.GetOrAdd(
        appliance, static (name, reach) => Of(ToolCatalog.Names.Where(tool => reach.Holds(tool, name))), this);

    /// <summary>Some of the tools that there are, and the others.</summary>
    public static OwnTools Of(IEnumerable<string> tools)
    {
        var own = tools.ToHashSet(StringComparer.Ordinal);
        return new OwnTools(own, [.. ToolCatalog.Names.Where(name => !own.Contains(name))]);
    }

    /// <summary>Whether a tool may be used on an appliance.</summary>
    public bool Holds(string tool, string appliance) => IsEverything || grants.Any(grant => grant.Holds(tool, appliance));
}
