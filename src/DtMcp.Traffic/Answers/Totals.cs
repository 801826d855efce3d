using DtMcp.Darktrace.Values;

namespace DtMcp.Traffic.Answers;

/// <summary>Sums of what an appliance says: LINQ's throw when they are too large.</summary>
internal static class Totals
{
    public static long Total<T>(this IEnumerable<T> items, Func<T, long> size)
    {
        var total = new Sum();
        foreach (var item in items)
        {
            total += size(item);
        }

        return total;
    }
}
