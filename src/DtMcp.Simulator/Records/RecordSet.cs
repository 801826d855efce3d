using DtMcp.Simulator.Records.Addresses;

namespace DtMcp.Simulator.Records;

/// <summary>
/// Everything the emulated appliance knows: connections in order of their start, the addresses in them, and what follows from them by rule
/// (devices, subnets, which addresses are inside). Made by <see cref="RecordSetBuilder"/>.
/// </summary>
internal sealed class RecordSet
{
    private readonly string[]? _uids;
    private readonly bool[] _internal;
    private readonly bool[] _local;
    private readonly AddressRules _rules;

    internal RecordSet(
        ConnectionRecord[] rows,
        string[]? uids,
        IpAddress[] addresses,
        IReadOnlyDictionary<IpAddress, int> addressIndex,
        NameTable protocols,
        NameTable services,
        RecordFacts facts,
        AddressRules rules)
    {
        Rows = rows;
        _uids = uids;
        Addresses = addresses;
        Protocols = protocols;
        Services = services;
        Facts = facts;
        _rules = rules;
        _internal = Array.ConvertAll(addresses, rules.IsInternal);
        _local = Array.ConvertAll(addresses, rules.IsDevice);
        (Devices, Subnets) = Numbering.Of(rows, addresses, facts, rules);
        AddressIndex = addressIndex;
    }

    /// <summary>Sorted by <see cref="ConnectionRecord.StartMs"/>; rows of the same millisecond keep the order of their source.</summary>
    public ConnectionRecord[] Rows { get; }

    /// <summary>Every address in the rows, once.</summary>
    public IpAddress[] Addresses { get; }

    public IReadOnlyDictionary<IpAddress, int> AddressIndex { get; }

    /// <summary>Zeek's names: tcp, udp, icmp.</summary>
    public NameTable Protocols { get; }

    /// <summary>Zeek's names, lists of several kept as they are; row 0 is the empty name, for none.</summary>
    public NameTable Services { get; }

    public DeviceTable Devices { get; }

    public SubnetTable Subnets { get; }

    /// <summary>What is known of outside addresses.</summary>
    public IReadOnlyDictionary<IpAddress, OutsideInfo> Outside => Facts.Outside;

    public IReadOnlyList<ModelBreach> Breaches => Facts.Breaches;

    /// <summary>Whether the records are made up.</summary>
    public bool Synthetic => Facts.Synthetic;

    internal RecordFacts Facts { get; }

    /// <summary>Start of the first row; 0 when there are none.</summary>
    public long FirstMs => Rows.Length > 0 ? Rows[0].StartMs : 0;

    /// <summary>Start of the last row; 0 when there are none.</summary>
    public long LastMs => Rows.Length > 0 ? Rows[^1].StartMs : 0;

    public bool IsInternal(int addressIndex) => _internal[addressIndex];

    /// <summary>Whether an address is in a private range, so that a sensor holds it for local; no special address is.</summary>
    public bool IsLocal(int addressIndex) => _local[addressIndex];

    /// <summary>Both ends inside.</summary>
    public bool IsInternal(in ConnectionRecord row) => _internal[row.Source] && _internal[row.Destination];

    /// <summary>The uid of a row: the source's, or one made from the number of the row.</summary>
    public string Uid(int row) => _uids?[row] ?? Uids.Of(row);

    /// <summary>The first row that starts at this time or later.</summary>
    public int FirstAtOrAfter(long startMs)
    {
        var (low, high) = (0, Rows.Length);
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            (low, high) = Rows[middle].StartMs < startMs ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    /// <summary>The same records under other rules of what is inside, or with other subnets.</summary>
    public RecordSet Under(AddressRules rules, IReadOnlyList<(AddressRange Range, string? Label)>? subnets = null) =>
        new(Rows, _uids, Addresses, AddressIndex, Protocols, Services, subnets is null ? Facts : Facts with { Subnets = subnets }, rules);

    /// <summary>The same records with other facts beside them.</summary>
    public RecordSet With(RecordFacts facts) => new(Rows, _uids, Addresses, AddressIndex, Protocols, Services, facts, _rules);
}
