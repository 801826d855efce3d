namespace DtMcp.Simulator.Endpoints.Network;

/// <summary>Bytes that came in and bytes that went out.</summary>
internal struct InOut
{
    public long In;
    public long Out;

    /// <summary>Whether any connection entered, be it of 0 bytes.</summary>
    public bool IsSeen;

    public readonly long Bytes => In + Out;

    public void Add(long bytesIn, long bytesOut)
    {
        In += bytesIn;
        Out += bytesOut;
        IsSeen = true;
    }
}
