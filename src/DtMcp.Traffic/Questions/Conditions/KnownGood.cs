using DtMcp.Darktrace.Values;

namespace DtMcp.Traffic.Questions.Conditions;

/// <summary>
/// What people know to be harmless (<c>DTMCP_KNOWN_GOOD</c>), with why. A hunt lowers what matches, and says so; it hides nothing.
/// </summary>
public sealed class KnownGood
{
    /// <summary>A longer list is not read: a file is read up to this length.</summary>
    public const int LongestText = 64 * 1024;

    private readonly IReadOnlyList<KnownGoodEntry> _entries;

    private KnownGood(IReadOnlyList<KnownGoodEntry> entries) => _entries = entries;

    public static KnownGood None { get; } = new([]);

    public int Count => _entries.Count;

    /// <summary>
    /// Entries by line or with semicolons between them: <c>203.0.113.0/24 port:443 # backup to the provider</c>. What stands before the
    /// mark must all match: a range or address of either end, an AS number, the end of a host name, the port. After the mark is the reason,
    /// which an entry cannot be without. A line that begins with the mark is a comment.
    /// </summary>
    /// <param name="text">The list; null or blank is none.</param>
    /// <param name="wrong">The entry that cannot be read, where there is one.</param>
    /// <returns>Null when an entry cannot be read, or the list is too long.</returns>
    public static KnownGood? FromText(string? text, out string? wrong)
    {
        wrong = null;
        if (string.IsNullOrWhiteSpace(text))
        {
            return None;
        }

        if (text.Length >= LongestText)
        {
            wrong = text[..32];
            return null;
        }

        List<KnownGoodEntry> entries = [];
        foreach (var line in text.Split(['\n', ';'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.StartsWith('#'))
            {
                continue;
            }

            if (KnownGoodEntry.Read(line) is not { } entry)
            {
                wrong = line;
                return null;
            }

            entries.Add(entry);
        }

        return new KnownGood(entries);
    }

    /// <summary>The first entry that what was found matches; null when none does.</summary>
    internal KnownGoodEntry? Find(KnownEnd source, KnownEnd? far, IReadOnlyList<int> ports)
    {
        foreach (var entry in _entries)
        {
            if (entry.Matches(source, far, ports))
            {
                return entry;
            }
        }

        return null;
    }
}

/// <summary>One end as entries look at it; what is not known is null or no address.</summary>
internal readonly record struct KnownEnd(NetAddress Address, string? Name, string? Asn);
