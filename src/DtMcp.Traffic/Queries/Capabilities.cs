using DtMcp.Darktrace.Flows;

namespace DtMcp.Traffic.Queries;

/// <summary>
/// What each kind of evidence can tell of each measure, in one place: columns that are unknown are left out, and notes about them are made
/// from here.
/// </summary>
internal static partial class Capabilities
{
    private const FlowFields AnyField = (FlowFields)int.MaxValue;

    /// <summary>What rows tell, by the columns that any of them filled. Of no rows at all everything is known: nothing.</summary>
    public static Capability OfRows(FlowFields seen, Dimension? by, Measure measure) => (by, measure.Kind) switch
    {
        (Dimension.RemotePort or Dimension.LocalPort or Dimension.Status or Dimension.Outside or Dimension.ApplianceSubnet
            or Dimension.ConnectionPair, _) or (_, MeasureKind.Size) => Capability.Unknown(null),
        (_, MeasureKind.Bytes or MeasureKind.PercentOfBytes) =>
            Needs(seen, FlowFields.Bytes, "The rows carry no byte counts; tables are by connections."),
        (_, MeasureKind.Packets) => Needs(seen, FlowFields.Packets, null),
        (_, MeasureKind.BytesIn or MeasureKind.BytesOut) =>
            Needs(seen, FlowFields.BytesOut, "These rows give the bytes of both directions together, so bytes in and out are not told."),
        (_, MeasureKind.Failed) => Needs(seen, FlowFields.State, "These rows do not say which connections failed."),
        (_, MeasureKind.First or MeasureKind.Last) => Needs(seen, FlowFields.Start, "The rows carry no times."),
        _ => Capability.Exact,
    };

    /// <summary>What the best of rows tell; nothing else need be counted.</summary>
    public static Capability OfAnyRows(Dimension? by, Measure measure) => OfRows(AnyField, by, measure);

    private static Capability Needs(FlowFields seen, FlowFields field, string? reason) =>
        (seen & field) == field ? Capability.Exact : Capability.Unknown(reason);
}
