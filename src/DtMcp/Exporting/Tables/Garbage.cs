namespace DtMcp.Exporting.Tables;

/// <summary>
/// Gives back what is not used any more: hours and pages are read into arrays of their own, which are large and so would wait for much more
/// to come.
/// </summary>
internal sealed class Garbage
{
    /// <summary>Bytes that are allocated before.</summary>
    private const long Most = 2 << 20;

    private long _allocated = GC.GetTotalAllocatedBytes();

    public void Collect()
    {
        if (GC.GetTotalAllocatedBytes() - _allocated > Most)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            _allocated = GC.GetTotalAllocatedBytes();
        }
    }
}
