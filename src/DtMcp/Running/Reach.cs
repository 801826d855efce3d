using System.Collections.Concurrent;
using DtMcp.Tools;

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
    private readonly ConcurrentDictionary<string, IReadOnlySet<string>> _tools = new(StringComparer.Ordinal);

    public static Reach Everything { get; } = new([new Grant(null, null)]);

    public IReadOnlyList<Grant> Grants => grants;

    public bool IsEverything { get; } = grants.Any(grant => grant is { Tools: null, Appliances: null });

    /// <summary>The tools that may be used on an appliance, the same set each time; null for all.</summary>
    public IReadOnlySet<string>? ToolsOn(string appliance) => IsEverything ? null : _tools.GetOrAdd(
        appliance,
        static (name, reach) => ToolCatalog.Names.Where(tool => reach.Holds(tool, name)).ToHashSet(StringComparer.Ordinal), this);

    /// <summary>Whether a tool may be used on an appliance.</summary>
    public bool Holds(string tool, string appliance) => IsEverything || grants.Any(grant => grant.Holds(tool, appliance));
}
