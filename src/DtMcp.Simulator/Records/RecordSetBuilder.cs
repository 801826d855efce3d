using DtMcp.Simulator.Records.Addresses;

namespace DtMcp.Simulator.Records;

/// <summary>
/// Gathers connections in any order and makes a <see cref="RecordSet"/> of them. Give the number of rows when it is known: large sets then
/// need no copy.
/// </summary>
internal sealed class RecordSetBuilder(int capacity = 0)
{
    private readonly List<IpAddress> _addresses = [];
    private readonly Dictionary<IpAddress, int> _index = [];
    private ConnectionRecord[] _rows = new ConnectionRecord[Math.Max(capacity, 1024)];
    private List<string>? _uids;
    private int _count;

    public NameTable Protocols { get; } = new(most: 256);

    public NameTable Services { get; } = NewServices();

    public int Count => _count;

    /// <summary>The number of an address in <see cref="RecordSet.Addresses"/>.</summary>
    public int Address(IpAddress address)
    {
        if (!_index.TryGetValue(address, out var index))
        {
            index = _addresses.Count;
            _addresses.Add(address);
            _index.Add(address, index);
        }

        return index;
    }

    /// <summary>Zeek's name of a protocol, as it stands.</summary>
    public byte Protocol(string name) => (byte)Protocols.Id(name);

    /// <summary>Zeek's service, as it stands; 0 for none.</summary>
    public ushort Service(string? name) => (ushort)Services.Id(name ?? "");

    /// <summary>Adds a row; either all rows have a uid or none.</summary>
    public void Add(in ConnectionRecord row, string? uid = null)
    {
        if (_count == _rows.Length)
        {
            Array.Resize(ref _rows, _rows.Length * 2);
        }

        _rows[_count++] = row;
        if (uid is not null)
        {
            (_uids ??= []).Add(uid);
        }
    }

    public RecordSet Build(RecordFacts facts, AddressRules rules)
    {
        if (_count != _rows.Length)
        {
            Array.Resize(ref _rows, _count);
        }

        var uids = _uids?.Count == _count ? _uids.ToArray() : null;
        if (!IsSorted(_rows))
        {
            // A sort by start and place in the source is a stable one.
            var keys = new (long StartMs, int Place)[_count];
            for (var i = 0; i < _count; i++)
            {
                keys[i] = (_rows[i].StartMs, i);
            }

            Array.Sort(keys);
            _rows = Array.ConvertAll(keys, key => _rows[key.Place]);
            uids = uids is null ? null : Array.ConvertAll(keys, key => uids[key.Place]);
        }

        return new RecordSet(_rows, uids, [.. _addresses], _index, Protocols, Services, facts, rules);
    }

    private static NameTable NewServices()
    {
        var services = new NameTable(most: ushort.MaxValue + 1);
        services.Id("");
        return services;
    }

    private static bool IsSorted(ConnectionRecord[] rows)
    {
        for (var i = 1; i < rows.Length; i++)
        {
            if (rows[i].StartMs < rows[i - 1].StartMs)
            {
                return false;
            }
        }

        return true;
    }
}
