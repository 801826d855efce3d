using DtMcp.Tools.Arguments;
using DtMcp.Traffic.Investigations.NameLookups;
using DtMcp.Traffic.Questions;
using static DtMcp.Tools.Arguments.Parameters;

namespace DtMcp.Tools;

internal sealed class LookupNames : ToolDefinition
{
    public override string Name => "lookup_names";

    public override string Title => "Names looked up";

    public override string Description =>
        "Names (DNS, TLS, HTTP) that a device looked up or called, rare ones first, names of a host (peer), DNS tunnels.";

    public override IReadOnlyList<Parameter> Parameters { get; } = [.. Device, NamePart, .. Window, .. Output];

    protected override Investigation Investigate(ToolArguments arguments) => new NameLookup(arguments.Text(NamePart));
}
