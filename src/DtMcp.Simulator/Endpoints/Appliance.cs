using DtMcp.Simulator.Records;
using DtMcp.Simulator.Setup;

namespace DtMcp.Simulator.Endpoints;

/// <summary>What every endpoint answers from.</summary>
internal sealed record Appliance(RecordSet Records, SimulatorOptions Options, TimeProvider Clock)
{
    public long NowMs => Clock.GetUtcNow().ToUnixTimeMilliseconds();

    public bool Anonymised => Options.Restricted;
}
