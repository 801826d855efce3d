using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using DtMcp.Simulator.Records;
using DtMcp.Simulator.Records.Addresses;
using DtMcp.Simulator.Records.NameLogs;
using DtMcp.Simulator.Scenarios;

namespace DtMcp.Simulator.Endpoints.AdvancedSearch;

/// <summary>Entries of <c>@type:dns</c>, <c>ssl</c> or <c>http</c>, in order of their time.</summary>
internal sealed class NameEntries : IEntries
{
    private const int MostKept = 64;
    private const int LeastLagMs = 1_000;
    private const int LagSpreadMs = 5_000;

    private static readonly ConditionalWeakTable<RecordSet, NameEntries[]> Known = [];

    private readonly NameKind _kind;
    private readonly NameEntry[] _entries;
    private readonly long[] _insertedTimes;
    private readonly int[] _byInsertion;
    private readonly int[] _places;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, RowBits> _kept = new(StringComparer.Ordinal);

    private NameEntries(NameKind kind, IEnumerable<NameEntry> entries)
    {
        _kind = kind;
        _entries = [.. entries.OrderBy(entry => entry.StartMs)];
        _byInsertion = [.. Enumerable.Range(0, _entries.Length)];
        _insertedTimes = Array.ConvertAll(_byInsertion, InsertedMs);
        Array.Sort(_insertedTimes, _byInsertion);
        _places = new int[_entries.Length];
        for (var place = 0; place < _places.Length; place++)
        {
            _places[_byInsertion[place]] = place;
        }

        OfSecondProbe = RowBits.Where(_entries.Length, row => IsOfSecondProbe(_entries[row]));
    }

    /// <summary>Those of the record set's logs, or what the made-up office's connections come to.</summary>
    public static NameEntries Of(RecordSet records, NameKind kind) => Known.GetValue(records, static known =>
    {
        var all = known.Facts.Names ?? (known.Synthetic ? OfficeNames.Of(known) : []);
        return [.. Enum.GetValues<NameKind>().Select(kind => new NameEntries(kind, all.Where(entry => entry.Kind == kind)))];
    })[(int)kind];

    public string Type => _kind.ToString().ToLowerInvariant();

    public int Count => _entries.Length;

    public RowBits OfSecondProbe { get; }

    public RowBits Is(string field, string value, bool isPattern) => Keep(
        $"{field}\n{value}\n{isPattern}",
        () => field is "source_ip" or "dest_ip" && AddressRange.TryParse(value, out var range)
            ? RowBits.Where(Count, row => range.Contains(field == "source_ip" ? _entries[row].Source : _entries[row].Destination))
            : RowBits.Where(Count, row => Texts(field, row).Any(text => value == "*" || IsText(value, text, isPattern))));

    public RowBits IsIn(string field, string low, string high, bool lowInclusive, bool highInclusive)
    {
        if (field is "start_ts" or "epochdate")
        {
            // Windows are many, and entries are in this order.
            return RowBits.InRange(
                Count, row => _entries[row].StartMs / 1000.0, End(low, double.NegativeInfinity), End(high, double.PositiveInfinity),
                lowInclusive, highInclusive);
        }

        var number = Numbers(field) ?? throw new InputErrorException($"{field} has no ranges");
        var (least, most) = (End(low, double.NegativeInfinity), End(high, double.PositiveInfinity));
        return RowBits.Where(Count, row => number(row) is var value && (lowInclusive ? value >= least : value > least)
            && (highInclusive ? value <= most : value < most));
    }

    public RowBits Keep(string key, Func<RowBits> find)
    {
        lock (_lock)
        {
            if (_kept.TryGetValue(key, out var known))
            {
                return known;
            }
        }

        var found = find();
        lock (_lock)
        {
            if (_kept.Count >= MostKept)
            {
                _kept.Clear();
            }

            return _kept[key] = found;
        }
    }

    // A list has several values of an entry: its first is counted.
    public FieldValues? Values(string field)
    {
        List<string> texts = [];
        Dictionary<string, int> ids = new(StringComparer.Ordinal);
        var ofEntry = new int[Count];
        for (var row = 0; row < ofEntry.Length; row++)
        {
            if (Texts(field, row).FirstOrDefault() is not { } text)
            {
                ofEntry[row] = -1;
                continue;
            }

            if (!ids.TryGetValue(text, out var id))
            {
                ids[text] = id = texts.Count;
                texts.Add(text);
            }

            ofEntry[row] = id;
        }

        return texts.Count == 0 ? null : new FieldValues(texts.Count, row => ofEntry[row], id => texts[id], Numbers(field) is not null);
    }

    public Func<int, double>? Numbers(string field) => field switch
    {
        "epochdate" or "start_ts" => row => _entries[row].StartMs / 1000.0,
        "source_port" => row => _entries[row].SourcePort,
        "dest_port" => row => _entries[row].DestinationPort,
        "status_code" when _kind == NameKind.Http => row => Number(_entries[row].Outcome),
        _ => null,
    };

    public (int First, int End) Inserted(long fromMs, long toMs) => (FirstAtOrAfter(fromMs), FirstAtOrAfter(toMs + 1));

    public RowBits Inserted(int first, int end) =>
        RowBits.Of(Count, _byInsertion.AsSpan(first, Math.Max(0, end - first)), isIn: true);

    public long InsertedMs(int entry)
    {
        var inserted = _entries[entry].StartMs + LeastLagMs + (entry * 7_919L % LagSpreadMs);
        return inserted - (inserted % 1000);
    }

    public int[] InOrder(RowBits selected)
    {
        if (selected.Ones >= Count / 16)
        {
            return [.. _byInsertion.Where(selected.Contains)];
        }

        var rows = new int[selected.Ones];
        var next = 0;
        foreach (var row in selected)
        {
            rows[next++] = row;
        }

        Array.Sort(Array.ConvertAll(rows, row => _places[row]), rows);
        return rows;
    }

    public Action<Utf8JsonWriter, int> Writer() => Write;

    private void Write(Utf8JsonWriter json, int number)
    {
        var (entry, inserted) = (_entries[number], InsertedMs(number));
        var isSecond = IsOfSecondProbe(entry);
        json.WriteStartObject();
        json.WriteString(
            "_index"u8, $"logstash-{(isSecond ? SearchEntry.SecondProbe : "vmprobe")}-{WireTime.Format(inserted, "yyyy.MM.dd")}");
        json.WriteString("_type"u8, "doc"u8);
        json.WriteString("_id"u8, string.Create(CultureInfo.InvariantCulture, $"{Type}-{number}"));
        json.WriteNull("_score"u8);
        json.WriteStartObject("_source"u8);
        json.WriteStartObject("@fields"u8);
        NameFields.Write(json, entry);
        json.WriteEndObject();
        json.WriteString("@type"u8, Type);
        json.WriteString("@timestamp"u8, WireTime.Format(inserted, "yyyy-MM-dd'T'HH:mm:ss"));
        json.WriteString("@message"u8, $"{entry.Uid}\t{entry.Source}\t{entry.Destination}\t{entry.Name}");
        json.WriteString("@darktrace_probe"u8, isSecond ? "2"u8 : "1"u8);
        json.WriteEndObject();
        json.WriteStartArray("sort"u8);
        json.WriteNumberValue(inserted);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private IEnumerable<string> Texts(string field, int row) => NameFields.Texts(_entries[row], field);

    private int FirstAtOrAfter(long ms)
    {
        var (low, high) = (0, _insertedTimes.Length);
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            (low, high) = _insertedTimes[middle] < ms ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    private static bool IsOfSecondProbe(NameEntry entry) => entry.Source.ToString().Sum(letter => letter) % 8 == 7;

    private static double Number(string? text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : double.NaN;

    private static double End(string text, double open) =>
        text == "*" ? open
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value
        : throw new InputErrorException($"'{text}' is not a number");

    private static bool IsText(string wanted, string text, bool isPattern) =>
        isPattern && wanted.AsSpan().IndexOfAny('*', '?') >= 0
            ? System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(wanted, text, ignoreCase: true)
            : wanted.Equals(text, StringComparison.OrdinalIgnoreCase);
}
