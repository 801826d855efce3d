using System.Buffers;

namespace DtMcp.Traffic.Investigations.Hunting.Signs;

/// <summary>How alike the sizes of a channel's connections are, both directions together.</summary>
/// <param name="Median">Bytes.</param>
/// <param name="Spread">Median absolute deviation over the median.</param>
/// <param name="Commonest">The commonest size.</param>
/// <param name="Share">Of the connections, those of the commonest size.</param>
internal readonly record struct Sizes(double Median, double Spread, int Commonest, double Share)
{
    public static Sizes Of(ReadOnlySpan<int> bytes)
    {
        var rented = ArrayPool<double>.Shared.Rent(bytes.Length);
        try
        {
            var sorted = rented.AsSpan(0, bytes.Length);
            for (var i = 0; i < bytes.Length; i++)
            {
                sorted[i] = bytes[i];
            }

            sorted.Sort();
            var (commonest, most, run) = (0.0, 0, 0);
            for (var i = 0; i < sorted.Length; i++)
            {
                run = i > 0 && sorted[i] == sorted[i - 1] ? run + 1 : 1;
                (commonest, most) = run > most ? (sorted[i], run) : (commonest, most);
            }

            var median = Robust.Median(sorted);
            var spread = Robust.Spread(sorted, median);
            return new Sizes(median, spread == 0 ? 0 : spread / Math.Max(1, median), (int)commonest, most / (double)sorted.Length);
        }
        finally
        {
            ArrayPool<double>.Shared.Return(rented);
        }
    }
}
