namespace DtMcp.Darktrace.Flows;

/// <summary>
/// What a word among a row's flags, or Zeek's <c>conn_state</c>, says of the connection: established, or known not to have been. Flags of
/// TCP alone (<c>syn</c>,
/// <c>ack</c>, <c>rst</c>), <c>OTH</c> (seen from its middle on) and words nobody knows say neither: the state of such a row is unknown.
/// </summary>
internal static class FlowFlags
{
    public static FlowTraits Of(ReadOnlySpan<byte> word) => word.Length switch
    {
        2 when Is(word, "S0"u8) || Is(word, "SH"u8) => FlowTraits.Failed,
        2 when Is(word, "SF"u8) || Is(word, "S1"u8) || Is(word, "S2"u8) || Is(word, "S3"u8) => FlowTraits.Established,
        3 when Is(word, "REJ"u8) || Is(word, "SHR"u8) => FlowTraits.Failed,
        4 when Is(word, "RSTO"u8) || Is(word, "RSTR"u8) => FlowTraits.Established,
        5 when Is(word, "RSTRH"u8) => FlowTraits.Failed,
        6 when Is(word, "failed"u8) || Is(word, "RSTOS0"u8) => FlowTraits.Failed,
        7 when Is(word, "attempt"u8) || Is(word, "refused"u8) => FlowTraits.Failed,
        8 when Is(word, "rejected"u8) => FlowTraits.Failed,
        9 when Is(word, "attempted"u8) => FlowTraits.Failed,
        10 when Is(word, "unanswered"u8) => FlowTraits.Failed,
        11 when Is(word, "established"u8) || Is(word, "half-closed"u8) => FlowTraits.Established,
        _ => FlowTraits.None,
    };

    /// <summary>What all words of one row say together: a connection that was established did not fail, whatever became of it.</summary>
    public static FlowTraits Settle(FlowTraits said) =>
        said & ~(FlowTraits)(((int)said >> FailedBelowEstablished) & (int)FlowTraits.Failed);

    // Established is two bits above Failed.
    private const int FailedBelowEstablished = 2;

    private static bool Is(ReadOnlySpan<byte> text, ReadOnlySpan<byte> word) =>
        text.SequenceEqual(word) || System.Text.Ascii.EqualsIgnoreCase(text, word);
}
