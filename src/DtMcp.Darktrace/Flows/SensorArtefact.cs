namespace DtMcp.Darktrace.Flows;

/// <summary>
/// A gap in a sensor's capture reads as one huge sequence number: gigabytes in a handful of packets. No IP packet carries more than 65,535
/// bytes.
/// </summary>
internal static class SensorArtefact
{
    private const long MaxPacketBytes = 65_535;

    // So many packets may carry any size that there is.
    private const long EnoughPackets = 1L << 38;

    /// <summary>Of both directions together; packets that are unknown or none say nothing.</summary>
    public static FlowTraits Of(long bytes, long packets) =>
        // One question without a branch: sizes of real rows are of every kind, and a branch that follows them is guessed wrong.
        (bytes > packets * MaxPacketBytes) & (packets > 0) & (packets < EnoughPackets) ? FlowTraits.SensorArtefact : FlowTraits.None;

    /// <summary>Of one side, where no packet at all carries no byte.</summary>
    public static FlowTraits OfSide(long? bytes, long? packets) => packets is 0
        ? bytes > MaxPacketBytes ? FlowTraits.SensorArtefact : FlowTraits.None
        : Of(bytes ?? 0, packets ?? 0);
}
