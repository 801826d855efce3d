using System.Diagnostics.Metrics;
using DtMcp.Running;

namespace DtMcp.Serving.Telemetry;

/// <summary>How much evidence is kept in memory, of all appliances together: their names may be host names.</summary>
internal static class KeptCaptures
{
    public const string Name = "DtMcp.Captures";

    public static void Tell(Meter meter, Investigators investigators)
    {
        meter.CreateObservableUpDownCounter("dtmcp.captures", () => investigators.All.Sum(one => one.Captures.Count), "{capture}",
            "Captures kept in memory.");
        meter.CreateObservableUpDownCounter("dtmcp.captures.size", () => investigators.All.Sum(one => one.Captures.Bytes), "By",
            "Bytes of the captures kept in memory.");
    }
}
