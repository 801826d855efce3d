using DtMcp.Tools.Arguments;
using DtMcp.Traffic.Investigations;
using DtMcp.Traffic.Questions;
using static DtMcp.Tools.Arguments.Parameters;

namespace DtMcp.Tools;

internal sealed class AnalyzeDeviceActivity : ToolDefinition
{
    public override string Name => "analyze_device_activity";

    public override string Title => "Device activity";

    public override string Description =>
        "One device (did, ip or hostname needed): who it is, what it talked to inside and outside, and who came to it.";

    public override IReadOnlyList<Parameter> Parameters { get; } =
        [.. Device, .. Window, IntExt, Protocol, ApplicationProtocol, Port, Arguments.Parameters.Timeline, Interval, Evidence, .. Output];

    protected override Investigation Investigate(ToolArguments arguments)
    {
        arguments.NeedOneOf(Did, Ip, Hostname);
        return new DeviceActivity(arguments.Flag(Arguments.Parameters.Timeline) ?? false);
    }
}
