using System.Text;

namespace DtMcp.Darktrace.Reading;

/// <summary>
/// Names (protocols, application protocols) as small ids. Id 0 is <c>unknown</c>. At most 65,534 names are kept apart; any beyond that share the last id,
/// <c>(other)</c>, and <see cref="Overflowed"/> says so. Text is kept as it came, without folding case. While one adds, others may read names that were there before.
/// </summary>
public sealed class NameTable
{
    /// <summary>The id of a missing name.</summary>
    public const ushort UnknownId = 0;

    private const ushort OverflowId = ushort.MaxValue;

    private readonly List<string> _names = ["unknown"];
    private readonly Dictionary<string, ushort> _ids = new(StringComparer.Ordinal) { ["unknown"] = UnknownId };
    private readonly Dictionary<string, ushort>.AlternateLookup<ReadOnlySpan<char>> _byText;

    public NameTable() => _byText = _ids.GetAlternateLookup<ReadOnlySpan<char>>();

    public int Count => _names.Count;

    /// <summary>Whether some names had to share <c>(other)</c>.</summary>
    public bool Overflowed { get; private set; }

    public string this[ushort id]
    {
        get
        {
            lock (_names)
            {
                return id == OverflowId ? "(other)" : _names[id];
            }
        }
    }

    /// <summary>The id of a name in UTF-8, unescaped. Empty is <c>unknown</c>.</summary>
    public ushort GetOrAdd(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > 256)
        {
            return GetOrAdd(Encoding.UTF8.GetString(utf8).AsSpan());
        }

        Span<char> chars = stackalloc char[256];
        return GetOrAdd(chars[..Encoding.UTF8.GetChars(utf8, chars)]);
    }

    public ushort GetOrAdd(ReadOnlySpan<char> name)
    {
        if (name.IsEmpty)
        {
            return UnknownId;
        }

        if (_byText.TryGetValue(name, out var id))
        {
            return id;
        }

        if (_names.Count >= OverflowId)
        {
            Overflowed = true;
            return OverflowId;
        }

        var text = name.ToString();
        id = (ushort)_names.Count;
        lock (_names)
        {
            _names.Add(text);
        }

        _ids.Add(text, id);
        return id;
    }

    /// <summary>Adds another table's names; the result turns its ids into this table's.</summary>
    internal ushort[] Adopt(NameTable other)
    {
        var map = new ushort[ushort.MaxValue + 1];
        map[OverflowId] = OverflowId;
        Overflowed |= other.Overflowed;
        for (var id = 1; id < other._names.Count; id++)
        {
            map[id] = GetOrAdd(other._names[id].AsSpan());
        }

        return map;
    }
}
