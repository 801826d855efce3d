using System.Text;

namespace DtMcp.Darktrace.Values;

/// <summary>What is odd about a value of a row.</summary>
public enum InvalidKind
{
    /// <summary>A row that is no object: left out.</summary>
    NoObject,

    /// <summary>A size below zero or that is no number: unknown, counted as 0.</summary>
    Size,

    /// <summary>A size beyond 2^53-1: counted as that.</summary>
    LargeSize,

    /// <summary>A port outside 0 to 65535: unknown, as port 0.</summary>
    Port,

    /// <summary>A time in seconds, microseconds or nanoseconds where milliseconds are due: taken for what it is.</summary>
    Seconds,
    Microseconds,
    Nanoseconds,

    /// <summary>Any other value that cannot be read: unknown.</summary>
    Other,
}

/// <summary>Values of rows that were not usable as they came, counted by kind, with the first of each as an example.</summary>
public sealed class InvalidValues
{
    private const int LongestExample = 24;

    private readonly long[] _counts = new long[(int)InvalidKind.Other + 1];
    private readonly string?[] _examples = new string?[(int)InvalidKind.Other + 1];

    public long Total { get; private set; }

    /// <summary>Each kind that came, with how often and the first.</summary>
    public IEnumerable<(InvalidKind Kind, long Count, string Example)> Kinds =>
        Enumerable.Range(0, _counts.Length).Where(kind => _counts[kind] > 0).Select(kind => ((InvalidKind)kind, _counts[kind],
            _examples[kind]!));

    /// <param name="kind">What is odd.</param>
    /// <param name="name">Whose value it is; empty for a row.</param>
    /// <param name="value">The value as it came.</param>
    public void Add(InvalidKind kind, string name, ReadOnlySpan<byte> value)
    {
        Total++;
        if (_counts[(int)kind]++ == 0)
        {
            _examples[(int)kind] = name.Length == 0 ? Plain(value) : $"{name} {Plain(value)}";
        }
    }

    public void Add(InvalidKind kind, string name, string value) => Add(kind, name, Encoding.UTF8.GetBytes(value));

    /// <summary>Takes over what was counted of a kind elsewhere.</summary>
    internal void Restore(InvalidKind kind, long count, string example)
    {
        Total += count;
        _counts[(int)kind] += count;
        _examples[(int)kind] ??= example;
    }

    /// <summary>Takes over what another counted.</summary>
    public void Adopt(InvalidValues other)
    {
        if (other.Total == 0)
        {
            return;
        }

        Total += other.Total;
        for (var kind = 0; kind < _counts.Length; kind++)
        {
            _counts[kind] += other._counts[kind];
            _examples[kind] ??= other._examples[kind];
        }
    }

    public void Clear()
    {
        if (Total > 0)
        {
            Total = 0;
            Array.Clear(_counts);
            Array.Clear(_examples);
        }
    }

    // Letters, digits and what numbers and times are written with; anything else of somebody's text is not repeated.
    private static string Plain(ReadOnlySpan<byte> value)
    {
        var text = new StringBuilder();
        foreach (var c in value[..Math.Min(LongestExample, value.Length)])
        {
            text.Append(char.IsAsciiLetterOrDigit((char)c) || c is (byte)'-' or (byte)'+' or (byte)'.' or (byte)':' ? (char)c : '?');
        }

        return text.Append(value.Length > LongestExample ? "…" : "").ToString() is { Length: > 0 } plain ? plain : "(empty)";
    }
}
