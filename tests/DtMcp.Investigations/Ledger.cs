using DtMcp.Simulator.Records;

namespace DtMcp.Investigations;

/// <summary>One connection of the emulated appliance's own records, with its ends as text.</summary>
internal sealed record Row(
    long StartMs, string Source, string Destination, int Port, string Protocol, long Sent, long Received, bool IsFailed, bool IsOutbound,
    bool IsExternal, string? Country)
{
    public long Bytes => Sent + Received;

    public bool Has(string end) => Source == end || Destination == end;

    /// <summary>The other end of one.</summary>
    public string Peer(string end) => Source == end ? Destination : Source;

    public long Out(string end) => Source == end ? Sent : Received;

    public long In(string end) => Source == end ? Received : Sent;
}

/// <summary>The records of a window as plain rows: what is right is scanned from here, without anything of the product.</summary>
internal sealed class Ledger
{
    // Zeek's states of connections that were not made.
    private static readonly ConnState[] Failed =
        [ConnState.S0, ConnState.REJ, ConnState.RSTOS0, ConnState.RSTRH, ConnState.SH, ConnState.SHR];

    public Ledger(RecordSet records, long fromMs, long toMs)
    {
        Records = records;
        Rows = [.. records.Rows.Where(row => row.StartMs >= fromMs && row.StartMs <= toMs).Select(Of)];
        Devices = records.Devices.All.Select(device => device.Address.ToString()).ToHashSet();
    }

    public RecordSet Records { get; }

    public IReadOnlyList<Row> Rows { get; }

    public IReadOnlySet<string> Devices { get; }

    /// <summary>The device with most connections that go out, of those with an IPv4 address.</summary>
    public string BusiestDevice => Rows.Where(row => row.IsOutbound && Devices.Contains(row.Source) && row.Source.Contains('.'))
        .GroupBy(row => row.Source).OrderByDescending(group => group.Count()).ThenBy(group => group.Key, StringComparer.Ordinal)
        .First().Key;

    /// <summary>The far end that most devices use, of more than one connection.</summary>
    public string PopularHost => Rows.Where(row => row.IsOutbound).GroupBy(row => row.Destination)
        .OrderByDescending(group => group.Select(row => row.Source).Distinct().Count()).ThenBy(group => group.Key, StringComparer.Ordinal)
        .First().Key;

    private Row Of(ConnectionRecord row)
    {
        var (source, destination) = (Records.IsInternal(row.Source), Records.IsInternal(row.Destination));
        var far = destination ? row.Source : row.Destination;
        return new Row(
            row.StartMs, Records.Addresses[row.Source].ToString(), Records.Addresses[row.Destination].ToString(), row.DestinationPort,
            Records.Protocols[row.Protocol], row.OrigBytes, row.RespBytes, Failed.Contains(row.State), !destination,
            !(source && destination), Records.Outside.GetValueOrDefault(Records.Addresses[far])?.Country);
    }
}
