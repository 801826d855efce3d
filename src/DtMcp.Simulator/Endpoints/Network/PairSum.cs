namespace DtMcp.Simulator.Endpoints.Network;

/// <summary>What went between an originator and a responder.</summary>
internal struct PairSum
{
    public InOut Bytes;
    public long LastMs;

    /// <summary>Whether the metric counts any of its connections.</summary>
    public bool IsCounted;

    /// <summary>Whether the pair spoke before the window.</summary>
    public bool IsKnown;
}
