using System.Text;

namespace DtMcp.Darktrace.Flows;

/// <summary>
/// Names (protocols, application protocols) as small ids. Id 0 is <c>unknown</c>. At most 65,534 names and
/// <see cref="KeptNames.MaxProtocolBytes"/> bytes of them are kept apart; any beyond that share the last id, <c>(other)</c>, and
/// <see cref="Overflowed"/> says so. Text is kept as it came, without folding case. While one adds, others may read names that were there
/// before.
/// </summary>
public sealed class NameTable
{
    /// <summary>The id of a missing name.</summary>
    public const ushort UnknownId = 0;

    /// <summary>The last id of two bytes stands for all names beyond the bound.</summary>
    private const ushort OverflowId = ushort.MaxValue;

    private readonly List<string> _names = ["unknown"];
    private readonly Dictionary<string, ushort> _ids = new(StringComparer.Ordinal) { ["unknown"] = UnknownId };
    private readonly Dictionary<string, ushort>.AlternateLookup<ReadOnlySpan<char>> _byText;

    /// <summary>Whether a name means that none is known.</summary>
    public static bool IsUnknown(string? name) => name?.Equals("unknown", StringComparison.OrdinalIgnoreCase) == true;

    public NameTable() => _byText = _ids.GetAlternateLookup<ReadOnlySpan<char>>();

    public int Count => _names.Count;

    /// <summary>Bytes of memory.</summary>
    public long Size { get; private set; } = 256;

    /// <summary>Whether some names were longer than <see cref="KeptNames.Longest"/>: those that begin alike count as one.</summary>
    public bool HasCut { get; private set; }

    /// <summary>Whether some names had to share <c>(other)</c>.</summary>
    public bool Overflowed { get; private set; }

    public string this[ushort id]
    {
        get
        {
            lock (_names)
            {
                return id == OverflowId ? KeptNames.Other : _names[id];
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

        if (name.Length > KeptNames.Longest)
        {
            HasCut = true;
            name = KeptNames.Cut(name);
        }

        if (_byText.TryGetValue(name, out var id))
        {
            return id;
        }

        if (_names.Count >= OverflowId || Size > KeptNames.MaxProtocolBytes)
        {
            Overflowed = true;
            return OverflowId;
        }

        var text = name.ToString();
        Size += KeptNames.BytesOf(text) + 48;
        id = (ushort)_names.Count;
        lock (_names)
        {
            _names.Add(text);
        }

        _ids.Add(text, id);
        return id;
    }

    /// <summary>Adds another table's names; the result turns its ids into this table's.</summary>
    internal NameMap Adopt(NameTable other)
    {
        var map = new ushort[other._names.Count];
        Overflowed |= other.Overflowed;
        HasCut |= other.HasCut;
        for (var id = 1; id < other._names.Count; id++)
        {
            map[id] = GetOrAdd(other._names[id].AsSpan());
        }

        return new NameMap(map);
    }

    /// <summary>Fills an empty table with what another held, whose ids hold here.</summary>
    internal void Restore(IEnumerable<string> names, bool hasCut, bool overflowed)
    {
        foreach (var name in names)
        {
            GetOrAdd(name.AsSpan());
        }

        (HasCut, Overflowed) = (hasCut, overflowed);
    }

    /// <summary>Forgets all names.</summary>
    internal void Clear()
    {
        _names.RemoveRange(1, _names.Count - 1);
        _ids.Clear();
        _ids.Add(_names[UnknownId], UnknownId);
        (Size, HasCut, Overflowed) = (256, false, false);
    }

    /// <summary>What ids of one table are in another.</summary>
    internal readonly struct NameMap(ushort[] ids)
    {
        public ushort this[ushort id] => id < ids.Length ? ids[id] : OverflowId;
    }
}
