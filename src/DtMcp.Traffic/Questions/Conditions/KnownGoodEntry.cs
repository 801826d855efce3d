using System.Globalization;
using DtMcp.Darktrace.Values;

namespace DtMcp.Traffic.Questions.Conditions;

/// <summary>One entry of <see cref="KnownGood"/>: what is set must all match.</summary>
internal sealed record KnownGoodEntry
{
    public AddressRange? Range { get; private init; }

    public long? Asn { get; private init; }

    /// <summary>The end of a host name, without a leading dot.</summary>
    public string? Suffix { get; private init; }

    public int? Port { get; private init; }

    public required string Reason { get; init; }

    /// <summary>Null when it is no entry.</summary>
    public static KnownGoodEntry? Read(string line)
    {
        var mark = line.IndexOf('#', StringComparison.Ordinal);
        if (mark <= 0 || line[(mark + 1)..].Trim() is not { Length: > 0 } reason)
        {
            return null;
        }

        KnownGoodEntry? entry = new() { Reason = reason };
        foreach (var word in line[..mark].Split([' ', '\t', ','], StringSplitOptions.RemoveEmptyEntries))
        {
            entry = entry.With(word);
            if (entry is null)
            {
                return null;
            }
        }

        return entry is { Range: null, Asn: null, Suffix: null, Port: null } ? null : entry;
    }

    public bool Matches(KnownEnd source, KnownEnd? far, IReadOnlyList<int> ports) =>
        (Range is not { } range || range.Contains(source.Address) || (far is { } end && range.Contains(end.Address)))
        && (Asn is not { } asn || HasAsn(source, asn) || (far is { } of && HasAsn(of, asn)))
        && (Suffix is null || HasName(source) || (far is { } named && HasName(named)))
        && (Port is not { } port || (ports.Count > 0 && ports.All(one => one == port)));

    private KnownGoodEntry? With(string word)
    {
        if (word.StartsWith("port:", StringComparison.OrdinalIgnoreCase))
        {
            return Port is null && ushort.TryParse(word.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
                ? this with { Port = port } : null;
        }

        if (word.StartsWith("AS", StringComparison.OrdinalIgnoreCase) && Number(word) is { } asn)
        {
            return Asn is null ? this with { Asn = asn } : null;
        }

        if (AddressRange.TryParse(word, out var range))
        {
            return Range is null ? this with { Range = range } : null;
        }

        var suffix = word.TrimStart('*').TrimStart('.');
        var isName = suffix.Contains('.', StringComparison.Ordinal) && suffix.Any(char.IsLetter)
            && suffix.All(letter => char.IsLetterOrDigit(letter) || letter is '-' or '.' or '_');
        return isName && Suffix is null ? this with { Suffix = suffix } : null;
    }

    private bool HasName(KnownEnd end) => end.Name is { } name && name.EndsWith(Suffix!, StringComparison.OrdinalIgnoreCase)
        && (name.Length == Suffix!.Length || name[^(Suffix.Length + 1)] == '.');

    // The appliance writes "AS64511 Example Hosting".
    private static bool HasAsn(KnownEnd end, long asn) => end.Asn is { } text && Number(text.Split(' ')[0]) == asn;

    private static long? Number(string word) =>
        word.Length > 2 && long.TryParse(word.AsSpan(2), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
