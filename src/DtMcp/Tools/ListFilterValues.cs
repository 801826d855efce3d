using DtMcp.Tools.Arguments;
using DtMcp.Traffic.Investigations.Lookups;
using DtMcp.Traffic.Questions;
using static DtMcp.Tools.Arguments.Parameters;

namespace DtMcp.Tools;

internal sealed class ListFilterValues : ToolDefinition
{
    public override string Name => "list_filter_values";

    public override string Title => "Filter values";

    public override string Description => "Values that protocol, applicationprotocol, metric and viewsubnet accept.";

    public override IReadOnlyList<Parameter> Parameters { get; } = [ListKind, Query, .. Output];

    public override IReadOnlyList<Parameter> Required { get; } = [ListKind];

    protected override Investigation Investigate(ToolArguments arguments) =>
        new FilterValueSearch(FilterKinds.Of(arguments.Text(ListKind)!), arguments.Text(Query));
}
