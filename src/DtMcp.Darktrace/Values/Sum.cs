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
}
