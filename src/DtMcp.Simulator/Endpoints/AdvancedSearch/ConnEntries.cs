using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using DtMcp.Simulator.Records;
using DtMcp.Simulator.Records.Addresses;

namespace DtMcp.Simulator.Endpoints.AdvancedSearch;

/// <summary>
/// The <c>@type:conn</c> entries of a record set. Columns and the rows of a condition are kept once they were asked for, as an index keeps
/// its filters: what is counted again costs little more than the counting.
/// </summary>
internal sealed class ConnEntries : IEntries
{
    /// <summary>Conditions whose entries are kept; of 5,000,000 entries each takes 610 KiB.</summary>
    private const int MostKept = 256;

    private static readonly ConditionalWeakTable<RecordSet, ConnEntries> Known = [];

    private readonly RecordSet _records;
    private readonly ConnectionRecord[] _rows;
    private readonly Lazy<RecordEnds> _ends;
    private readonly Lazy<Insertion> _insertion;
    private readonly Lazy<int[]> _sources;
    private readonly Lazy<int[]> _destinations;
    private readonly Lazy<RowBits> _ofSecondProbe;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (Lazy<RowBits> Bits, long Used)> _kept = new(StringComparer.Ordinal);
    private long _uses;

    private ConnEntries(RecordSet records)
    {
        (_records, _rows) = (records, records.Rows);
        _ends = new(() => RecordEnds.Of(records));
        _insertion = new(() => Insertion.Of(records));
        _sources = new(() => Array.ConvertAll(_rows, static row => row.Source));
        _destinations = new(() => Array.ConvertAll(_rows, static row => row.Destination));
        _ofSecondProbe = new(() => RowBits.Where(Count, row => SearchEntry.IsOfSecondProbe(_rows[row])));
    }

    public string Type => "conn";

    public int Count => _rows.Length;

    public RowBits OfSecondProbe => _ofSecondProbe.Value;

    public static ConnEntries Of(RecordSet records) => Known.GetValue(records, static known => new ConnEntries(known));

    public RowBits Is(string field, string value, bool isPattern) => Keep(
        $"{field}\n{value}\n{isPattern}",
        () => Find(field, value, isPattern));

    public RowBits IsIn(string field, string low, string high, bool lowInclusive, bool highInclusive)
    {
        if (field is "start_ts" or "epochdate")
        {
            // Windows are many, and entries are in this order.
            return RowBits.InRange(
                Count, row => _rows[row].StartMs / 1000.0, End(low, double.NegativeInfinity), End(high, double.PositiveInfinity),
                lowInclusive, highInclusive);
        }

        return Keep($"{field}\n{low}\n{high}\n{lowInclusive}\n{highInclusive}", () => Find(field, low, high, lowInclusive, highInclusive));
    }

    public RowBits Keep(string key, Func<RowBits> find)
    {
        Lazy<RowBits> bits;
        lock (_lock)
        {
            if (_kept.TryGetValue(key, out var known))
            {
                bits = known.Bits;
            }
            else
            {
                // The one unused longest goes.
                if (_kept.Count == MostKept)
                {
                    _kept.Remove(_kept.MinBy(kept => kept.Value.Used).Key);
                }

                bits = new Lazy<RowBits>(find);
            }

            _kept[key] = (bits, _uses++);
        }

        return bits.Value;
    }

    public FieldValues? Values(string field) => field switch
    {
        "source_ip" => new(_records.Addresses.Length, row => _rows[row].Source, Address, IsNumber: false),
        "dest_ip" => new(_records.Addresses.Length, row => _rows[row].Destination, Address, IsNumber: false),
        "source_port" => new(65_536, row => _rows[row].SourcePort, Whole, IsNumber: true),
        "dest_port" => new(65_536, row => _rows[row].DestinationPort, Whole, IsNumber: true),
        "proto" => new(_records.Protocols.Count, row => _rows[row].Protocol, id => _records.Protocols[id], IsNumber: false),
        "service" => new(_records.Services.Count, row => _rows[row].Service == 0 ? -1 : _rows[row].Service, id => _records.Services[id],
            IsNumber: false),
        "conn_state" => new(Enum.GetValues<ConnState>().Length, row => _rows[row].State == ConnState.None ? -1 : (int)_rows[row].State,
            id => ((ConnState)id).ToString(), IsNumber: false),
        "local_orig" => Flags(row => _records.IsLocal(_rows[row].Source)),
        "local_resp" => Flags(row => _records.IsLocal(_rows[row].Destination)),
        "orig_cc" => Texts(_ends.Value.Countries, row => _rows[row].Source),
        "resp_cc" => Texts(_ends.Value.Countries, row => _rows[row].Destination),
        "orig_asn" => Texts(_ends.Value.Networks, row => _rows[row].Source),
        "resp_asn" => Texts(_ends.Value.Networks, row => _rows[row].Destination),
        _ => null,
    };

    public Func<int, double>? Numbers(string field) => field switch
    {
        "source_port" => row => _rows[row].SourcePort,
        "dest_port" => row => _rows[row].DestinationPort,
        "duration" => row => _rows[row].DurationSeconds,
        "orig_bytes" => row => _rows[row].OrigBytes,
        "resp_bytes" => row => _rows[row].RespBytes,
        "orig_pkts" => row => _rows[row].OrigPackets,
        "resp_pkts" => row => _rows[row].RespPackets,
        "start_ts" or "epochdate" => row => _rows[row].StartMs / 1000.0,
        _ => null,
    };

    public (int First, int End) Inserted(long fromMs, long toMs) =>
        (_insertion.Value.FirstAtOrAfter(fromMs), _insertion.Value.FirstAtOrAfter(toMs + 1));

    public RowBits Inserted(int first, int end) => end - first < Count / 2
        ? RowBits.Of(Count, _insertion.Value.Rows(first, end), isIn: true)
        : RowBits.Of(Count, _insertion.Value.Rows(0, first), isIn: false)
            .And(RowBits.Of(Count, _insertion.Value.Rows(end, Count), isIn: false));

    public long InsertedMs(int entry) => Insertion.Of(_records, entry);

    public int[] InOrder(RowBits selected)
    {
        var rows = new int[selected.Ones];
        var place = 0;
        if (rows.Length < Count / 16)
        {
            foreach (var row in selected)
            {
                rows[place++] = row;
            }

            Array.Sort(Array.ConvertAll(rows, row => (Insertion.Of(_records, row), row)), rows);
            return rows;
        }

        foreach (var row in _insertion.Value.Rows(0, Count))
        {
            if (selected.Contains(row))
            {
                rows[place++] = row;
            }
        }

        return rows;
    }

    public Action<Utf8JsonWriter, int> Writer() => new SearchEntry(_records).Write;

    /// <summary>An end of a range as a number; <c>*</c> is open.</summary>
    private static double End(string text, double open) =>
        text == "*"
            ? open
            : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new InputErrorException($"'{text}' is not a number");

    private static string Whole(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static FieldValues Flags(Func<int, bool> isSet) => new(2, row => isSet(row) ? 1 : 0, id => id == 1 ? "true" : "false",
        IsNumber: false);

    private static FieldValues Texts(string?[] ofAddress, Func<int, int> address)
    {
        var texts = ofAddress.OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        var ids = Array.ConvertAll(ofAddress, text => text is null ? -1 : texts.BinarySearch(text, StringComparer.Ordinal));
        return new(texts.Count, row => ids[address(row)], id => texts[id], IsNumber: false);
    }

    private static bool IsText(string wanted, string text, bool isPattern) =>
        isPattern && wanted.AsSpan().IndexOfAny('*', '?') >= 0
            ? System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(wanted, text, ignoreCase: true)
            : wanted.Equals(text, StringComparison.OrdinalIgnoreCase);

    private RowBits Find(string field, string value, bool isPattern)
    {
        if (field is "source_ip" or "dest_ip")
        {
            return RowBits.Where(field is "source_ip" ? _sources.Value : _destinations.Value, OfAddresses(value, isPattern));
        }

        if (field == "uid")
        {
            return RowBits.Where(Count, row => value == "*" || IsText(value, _records.Uid(row), isPattern));
        }

        if (Values(field) is { IsNumber: false } values)
        {
            var isWanted = new bool[values.Count];
            for (var id = 0; id < isWanted.Length; id++)
            {
                isWanted[id] = IsText(value, values.Text(id), isPattern);
            }

            return RowBits.Where(Count, row => values.Of(row) is var id && id >= 0 && isWanted[id]);
        }

        if (Numbers(field) is not { } number)
        {
            return RowBits.None(Count);
        }

        if (value == "*")
        {
            return RowBits.Where(Count, row => !double.IsNaN(number(row)));
        }

        return double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var wanted)
            ? RowBits.Where(Count, row => number(row) == wanted)
            : throw new InputErrorException($"{field} takes numbers, not '{value}'");
    }

    private RowBits Find(string field, string low, string high, bool lowInclusive, bool highInclusive)
    {
        if (field is "source_ip" or "dest_ip")
        {
            var (from, to) = (Bound(low), Bound(high));
            var within = Array.ConvertAll(_records.Addresses, address =>
                (from is not { } first || (address.IsIPv4 == first.IsIPv4 && address.CompareTo(first) >= (lowInclusive ? 0 : 1)))
                && (to is not { } last || (address.IsIPv4 == last.IsIPv4 && address.CompareTo(last) <= (highInclusive ? 0 : -1))));
            return RowBits.Where(field is "source_ip" ? _sources.Value : _destinations.Value, within);
        }

        var number = Numbers(field) ?? throw new InputErrorException($"{field} has no ranges");
        var (least, most) = (End(low, double.NegativeInfinity), End(high, double.PositiveInfinity));
        return RowBits.Where(Count, row => number(row) is var value && (lowInclusive
            ? value >= least
            : value > least) && (highInclusive
            ? value <= most
            : value < most));

        static IpAddress? Bound(string text) =>
            text == "*"
                ? null
                : IpAddress.TryParse(text, out var address)
                ? address
                : throw new InputErrorException($"'{text}' is not an address");
    }

    // An address in any spelling, a range as 10.1.0.0/16, or a pattern as 10.1.*.
    private bool[] OfAddresses(string value, bool isPattern)
    {
        if (IpAddress.TryParse(value, out var wanted))
        {
            return Array.ConvertAll(_records.Addresses, address => address == wanted);
        }

        return AddressRange.TryParse(value, out var range)
            ? Array.ConvertAll(_records.Addresses, range.Contains)
            : Array.ConvertAll(_records.Addresses, address => IsText(value, address.ToString(), isPattern));
    }

    private string Address(int id) => _records.Addresses[id].ToString();
}
