using DtMcp.Darktrace.Values;

namespace DtMcp.Darktrace.Flows;

/// <summary>Making room: endpoints are evicted and the others close the gaps. And the way back from a packed table.</summary>
public sealed partial class HostTable
{
    /// <summary>
    /// 64 well-mixed bits of what an endpoint is known by: its address, else its name, else its device id. The same in every table of this
    /// process.
    /// </summary>
    public ulong Fingerprint(int id)
    {
        if (Address(id) is { IsPresent: true, Bits: var bits })
        {
            return _hash.Of((ulong)(bits >> 64), (ulong)bits);
        }

        return _names.TryGetValue(id, out var text) ? _hash.Of(text) : _hash.Of(_hash.Of((ulong)_dids[id], 0), 1);
    }

    /// <summary>Evicts endpoints and closes the gaps, as the remap says.</summary>
    internal void Remap(EndpointRemap remap)
    {
        var (names, details) = (_names.ToArray(), _details.ToArray());
        var byDid = _byDid.ToArray();
        _names.Clear();
        _details.Clear();
        _byDeviceAddress.Clear();
        _byDid.Clear();
        _byName.Clear();
        foreach (var (id, name) in names)
        {
            if (remap.NewId(id) is >= 0 and var to)
            {
                _names[to] = name;
                _byName[name] = to;
            }
        }

        foreach (var (id, known) in details)
        {
            if (remap.NewId(id) is >= 0 and var to)
            {
                _details[to] = known;
            }
        }

        foreach (var (did, id) in byDid)
        {
            if (remap.NewId(id) is >= 0 and var to)
            {
                _byDid[did] = to;
            }
        }

        _notes.Remap(remap);
        Recount();
        _unknown = _unknown < 0 ? -1 : remap.NewId(_unknown);
        for (var id = 0; id < Count; id++)
        {
            if (remap.NewId(id) is >= 0 and var to)
            {
                (_bits[to], _hasAddress[to], _dids[to], _sides[to]) = (_bits[id], _hasAddress[id], _dids[id], _sides[id]);
            }
        }

        Count = remap.Kept;
        Generation++;
        Array.Clear(_byAddress);
        for (var id = 0; id < Count; id++)
        {
            if (_hasAddress[id])
            {
                Index(id);
            }
        }
    }

    /// <summary>The name that an endpoint without an address is known by; null for any other.</summary>
    internal string? Text(int id) => _names.GetValueOrDefault(id);

    /// <summary>What rows said of it, as it came; empty for nothing.</summary>
    internal ReadOnlySpan<byte> Note(int id) => _notes.Note(id);

    /// <summary>What is known of it beside the <see cref="Note"/>.</summary>
    internal HostDetails? Described(int id) => _details.GetValueOrDefault(id);

    /// <summary>Adds the next endpoint as it was in another table, whatever else is known of its address.</summary>
    internal void Restore(NetAddress address, long did, bool? isInside, string? name, ReadOnlySpan<byte> note, HostDetails? details)
    {
        var id = Add(address, did);
        _sides[id] = isInside switch { true => ReportedIn, false => ReportedOut, null => 0 };
        if (address.IsPresent)
        {
            if (Count > _byAddress.Length / 2)
            {
                Rehash();
            }

            Index(id);
        }
        else if (name is not null)
        {
            (_names[id], _byName[name]) = (name, id);
        }
        else if (did != NoDid)
        {
            _byDid[did] = id;
        }
        else
        {
            _unknown = id;
        }

        if (!note.IsEmpty)
        {
            _notes.Add(id, note);
        }

        if (details is not null)
        {
            _details[id] = details;
        }
    }

    /// <summary>To be called behind the last <see cref="Restore"/>.</summary>
    internal void Restored(long detailsLeftOut, long namesLeftOut, bool hasCut)
    {
        (DetailsLeftOut, NamesLeftOut, HasCut) = (detailsLeftOut, namesLeftOut, hasCut);
        Recount();
    }

    private void Index(int id)
    {
        var address = NetAddress.FromBits(_bits[id]);
        var hash = Hash(address);
        ref var slot = ref _byAddress[Slot(address, hash)];
        if (slot == 0)
        {
            slot = ((ulong)hash << 32) | (uint)(id + 1);
        }
        else
        {
            _byDeviceAddress[new DeviceAddress(_bits[id], _dids[id])] = id;
        }
    }
}
