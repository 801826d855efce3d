using DtMcp.Darktrace.Flows;

namespace DtMcp.Traffic.Counting;

/// <summary>
/// Whether a connection was answered: it did not fail, and bytes came or three packets passed, as a handshake takes. A stray SYN-ACK
/// (backscatter of somebody else's spoofed SYN) that the device resets is two packets without a byte, and no answer to anything.
/// </summary>
internal static class Answered
{
    private const long Handshake = 3;

    /// <summary>Whether it failed; where the rows do not say, one without a byte did.</summary>
    public static bool Failed(FlowChunk chunk, int i, bool knowsState) =>
        knowsState ? (chunk.Traits[i] & FlowTraits.Failed) != 0 : chunk.Bytes[i] == 0;

    /// <summary>Whether it was answered; packets that are unknown or none say nothing, nor do bytes that the rows do not have.</summary>
    public static bool Is(FlowChunk chunk, int i, bool knowsState, bool knowsBytes = true) =>
        (!knowsState && !knowsBytes) || (!Failed(chunk, i, knowsState) && (chunk.Bytes[i] > 0 || chunk.Packets[i] is 0 or >= Handshake));
}
