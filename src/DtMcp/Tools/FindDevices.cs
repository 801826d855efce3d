using DtMcp.Tools.Arguments;
using DtMcp.Traffic.Investigations.Lookups;
using DtMcp.Traffic.Questions;
using static DtMcp.Tools.Arguments.Parameters;

namespace DtMcp.Tools;

internal sealed class FindDevices : ToolDefinition
{
    public override string Name => "find_devices";

    public override string Title => "Find devices";

    public override string Description => "Find devices and their did by part of a hostname, label, IP, MAC, vendor or tag.";

    public override IReadOnlyList<Parameter> Parameters { get; } = [Query, .. Output];

    public override IReadOnlyList<Parameter> Required { get; } = [Query];

    protected override Investigation Investigate(ToolArguments arguments) => new DeviceSearch(arguments.Text(Query)!);
}
