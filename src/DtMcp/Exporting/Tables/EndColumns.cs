using DtMcp.Darktrace.Flows;

namespace DtMcp.Exporting.Tables;

/// <summary>The columns of one end of connections. What is known of an endpoint is looked up once a part.</summary>
internal sealed class EndColumns
{
    private readonly Column _address;
    private readonly Column _port;
    private readonly Column _name;
    private readonly Column _local;
    private readonly Column _country;
    private readonly Column _network;
    private readonly List<Known> _known = [];

    // By id: the place among the known, plus 1.
    private int[] _places = new int[1024];

    /// <param name="end"><c>orig</c> or <c>resp</c>.</param>
    /// <param name="capacity">Most rows of a part.</param>
    public EndColumns(string end, int capacity)
    {
        _address = new Column($"id.{end}_h", ColumnKind.Word, capacity);
        _port = new Column($"id.{end}_p", ColumnKind.Port, capacity);
        _name = new Column($"{end}_name", ColumnKind.Word, capacity);
        _local = new Column($"local_{end}", ColumnKind.Flag, capacity);
        _country = new Column($"{end}_cc", ColumnKind.Word, capacity);
        _network = new Column($"{end}_asn", ColumnKind.Word, capacity);
    }

    /// <summary>Address and port, which stand among the first.</summary>
    public IReadOnlyList<Column> Id => [_address, _port];

    public IReadOnlyList<Column> Details => [_name, _local, _country, _network];

    public void Set(int row, HostTable hosts, int id, ushort? port)
    {
        if (id >= _places.Length)
        {
            Array.Resize(ref _places, Math.Max(id + 1, _places.Length * 2));
        }

        ref var place = ref _places[id];
        if (place == 0)
        {
            _known.Add(Look(hosts, id));
            place = _known.Count;
        }

        var known = _known[place - 1];
        _address[row] = known.Address;
        _port[row] = port ?? Column.None;
        _name[row] = known.Name;
        _local[row] = known.Local;
        _country[row] = known.Country;
        _network[row] = known.Network;
    }

    /// <summary>Ids mean others from here on, or their words do.</summary>
    public void Forget()
    {
        _known.Clear();
        Array.Clear(_places);
    }

    private Known Look(HostTable hosts, int id)
    {
        var (address, details) = (hosts.Address(id), hosts.Details(id));
        var name = address.IsPresent || hosts.Name(id) is not { } named || NameTable.IsUnknown(named) ? null : named;
        return new Known(
            address.IsPresent ? _address.Words.Of(address.ToString()) : Column.None,
            _name.Words.Of(name),
            hosts.ReportedInside(id) switch { true => 1, false => 0, _ => Column.None },
            _country.Words.Of(details?.Country),
            _network.Words.Of(details?.Asn));
    }

    private readonly record struct Known(long Address, long Name, long Local, long Country, long Network);
}
