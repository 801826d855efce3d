namespace DtMcp.Darktrace.Flows;

/// <summary>What the text of the endpoints costs, and what of it is left out when one reading holds too much.</summary>
public sealed partial class HostTable
{
    private long _textBytes;

    /// <summary>Bytes of memory.</summary>
    public long Size => (_bits.Length * 16L) + _hasAddress.Length + _sides.Length + (_dids.Length * 8L) + (_byAddress.Length * 8L)
        + (_byDid.Count * 48L) + (_byDeviceAddress.Count * 64L) + _textBytes + _notes.Size;

    /// <summary>How often details of an endpoint found no room (<see cref="KeptNames.MaxHostBytes"/>) and were left out.</summary>
    public long DetailsLeftOut { get; private set; }

    /// <summary>How often an endpoint known by its name alone found no room and counted for <c>(other)</c>.</summary>
    public long NamesLeftOut { get; private set; }

    /// <summary>
    /// Whether names that endpoints are known by were longer than <see cref="KeptNames.Longest"/>: those that begin alike count as one.
    /// </summary>
    public bool HasCut { get; private set; }

    /// <summary>Remembers what another table left out that goes into this one.</summary>
    internal void AdoptBounds(HostTable other)
    {
        DetailsLeftOut += other.DetailsLeftOut;
        NamesLeftOut += other.NamesLeftOut;
        HasCut |= other.HasCut;
    }

    private void ClearBounds() => (_textBytes, DetailsLeftOut, NamesLeftOut, HasCut) = (0, 0, 0, false);

    private int Named(string name)
    {
        if (name.Length > KeptNames.Longest)
        {
            HasCut = true;
            name = KeptNames.Cut(name);
        }

        if (_byName.TryGetValue(name, out var id))
        {
            return id;
        }

        if (_textBytes + _notes.Size > KeptNames.MaxHostBytes)
        {
            NamesLeftOut++;
            if (_byName.TryGetValue(KeptNames.Other, out id))
            {
                return id;
            }

            name = KeptNames.Other;
        }

        _textBytes += BytesOfName(name);
        _byName[name] = id = Add(default, NoDid);
        _names[id] = name;
        return id;
    }

    private bool HasRoom(long bytes)
    {
        var has = _textBytes + _notes.Size + bytes <= KeptNames.MaxHostBytes;
        DetailsLeftOut += has ? 0 : 1;
        return has;
    }

    private void Keep(int id, HostDetails details)
    {
        _textBytes += details.Size - (_details.GetValueOrDefault(id)?.Size ?? 0);
        _details[id] = details;
    }

    // Two tables lead from and to a name.
    private static long BytesOfName(string name) => 160 + KeptNames.BytesOf(name);

    private void Recount() => _textBytes = _names.Values.Sum(BytesOfName) + _details.Values.Sum(details => details.Size);
}
