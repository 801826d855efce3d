using System.Numerics;
using System.Runtime.InteropServices;

namespace DtMcp.Darktrace.Values;

/// <summary>A sum of sizes and counts that stops at the largest number there is (2^63-1) instead of turning negative.</summary>
public readonly record struct Sum(long Value)
{
    /// <summary>A sum of this size is "at least".</summary>
    public const long Most = long.MaxValue;

    public static implicit operator long(Sum sum) => sum.Value;

    public static explicit operator Sum(long value) => new(value);

    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);

    public static Sum operator +(Sum sum, long more)
    {
        var together = unchecked(sum.Value + more);
        return new Sum(together >= sum.Value || more < 0 ? together : Most);
    }

    /// <summary>Adds many values, of a column of rows.</summary>
    public Sum Plus(ReadOnlySpan<long> values)
    {
        // Up to 2^16 values below 2^46, none negative, add up to less than 2^62: then nothing needs to be looked at on the way.
        const int MostValues = 1 << 16;
        const int Bits = 46;
        if (values.Length > MostValues)
        {
            return Plus(values[..MostValues]).Plus(values[MostValues..]);
        }

        var vectors = MemoryMarshal.Cast<long, Vector<long>>(values);
        var (sums, bits) = (Vector<long>.Zero, Vector<long>.Zero);
        foreach (var vector in vectors)
        {
            sums += vector;
            bits |= vector;
        }

        var (sum, seen) = (Vector.Sum(sums), 0L);
        for (var i = 0; i < Vector<long>.Count; i++)
        {
            seen |= bits[i];
        }

        foreach (var value in values[(vectors.Length * Vector<long>.Count)..])
        {
            sum += value;
            seen |= value;
        }

        return seen >> Bits == 0 ? this + sum : PlusEach(values);
    }

    private Sum PlusEach(ReadOnlySpan<long> values)
    {
        var sum = this;
        foreach (var value in values)
        {
            sum += value;
        }

        return sum;
    }
}
