using DtMcp.Tools.Arguments;
using DtMcp.Traffic.Investigations.Lookups;
using DtMcp.Traffic.Questions;
using static DtMcp.Tools.Arguments.Parameters;

namespace DtMcp.Tools;

internal sealed class CheckAppliance : ToolDefinition
{
    public override string Name => "check_appliance";

    public override string Title => "Check the appliance";

    public override string Description =>
        "Is the appliance reachable, its clock right, the token allowed, and which evidence does it give?";

    public override IReadOnlyList<Parameter> Parameters { get; } = [Arguments.Parameters.Detail, Format];

    protected override Investigation Investigate(ToolArguments arguments) => new ApplianceReview();
}
