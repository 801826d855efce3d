namespace DtMcp.Simulator.Endpoints.Network;

/// <summary>What the metric measures of a device or a subnet, and the start of the last connection that it measured.</summary>
internal struct MetricSum
{
    public long Size;
    public long LastMs;
    public bool IsSeen;

    public void Add(long size, long startMs)
    {
        Size += size;
        LastMs = Math.Max(LastMs, startMs);
        IsSeen = true;
    }
}
