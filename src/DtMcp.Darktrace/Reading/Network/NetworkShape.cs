using System.Text.Json;
using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Reading.Json;
using DtMcp.Darktrace.Reading.Rows;
using DtMcp.Darktrace.Values;

namespace DtMcp.Darktrace.Reading.Network;

/// <summary>
/// The three shapes of a <c>/network</c> answer, told apart by their top-level keys in whatever order:
/// <code>
/// {"traffic":[{..}],"summary":{"totalconnections":1}}
/// {"statistics":[{"Connection Status":[{"Connections":"New","in":1,"out":false}]}],"subnets":[],"devices":[],"externaldevices":[],
///  "metric":{},"connections":[]}
/// {"metric":"bandwidth","data":[{"timestamp":1,"device":{"did":1,"ip":".."},"bytes_in":1,"bytes_out":2}]}
/// </code>
/// An array of such objects, or of rows alone, is taken for an answer restricted to some fields.
/// </summary>
internal sealed class NetworkShape : AnswerShape
{
    private const int RootElement = 2;
    private const int Traffic = 3;
    private const int Flow = 4;
    private const int Summary = 5;
    private const int Metric = 6;
    private const int Data = 7;
    private const int Point = 8;
    private const int Statistics = 9;
    private const int Panel = 10;
    private const int Devices = 11;
    private const int ExternalDevices = 12;
    private const int Subnets = 13;
    private const int Connections = 14;
    private const int LooseFlow = 15;
    private const int Error = 16;

    /// <summary>Entries of tables and points of series that are kept, 80 to 400 bytes each.</summary>
    internal const int MaxEntries = 1_000_000;

    /// <summary>Bytes of the entries that are kept, their texts with them.</summary>
    internal const long MaxEntryBytes = 128L << 20;

    /// <summary>Added to the place of a table for the place of its rows.</summary>
    private const int Row = 64;

    private readonly FlowSet _into;
    private readonly FlowWriter _flows;
    private readonly FlowRowParser _parser;
    private readonly RowTrace _trace = new();
    private readonly TemplateRowReader? _runs;
    private readonly FlatEntry _entry = new();
    private readonly ConnectivityBuilder _tables = new();
    private readonly SeriesBuilder _series = new();
    private bool _hasFlows;
    private bool _hasSummary;
    private long? _reported;
    private string? _error;
    private long _entries;
    private long _entryBytes;
    private long _entriesNotKept;

    /// <param name="into">The set that takes the connections.</param>
    /// <param name="general">Whether every row goes through the general reader, the reference of the fast one.</param>
    public NetworkShape(FlowSet into, bool general = false)
    {
        _into = into;
        _flows = new FlowWriter(into);
        _runs = general || !BitConverter.IsLittleEndian ? null : new TemplateRowReader(_flows);
        _parser = new FlowRowParser { Trace = _runs is null ? null : _trace };
    }

    /// <summary>Bytes of entries that are kept.</summary>
    public long MaxBytes { get; init; } = MaxEntryBytes;

    public override long Rows => _flows.Rows + _series.Rows;

    /// <summary>What was read. To be called once, after the body's end.</summary>
    public NetworkAnswer Finish(long bytes)
    {
        _flows.Finish();
        var kind = _hasFlows ? NetworkAnswerKind.Flows
            : _series.IsPresent ? NetworkAnswerKind.Series
            : _tables.IsPresent ? NetworkAnswerKind.Connectivity
            : _hasSummary ? NetworkAnswerKind.Flows
            : NetworkAnswerKind.Empty;
        return new NetworkAnswer
        {
            Kind = kind,
            Connectivity = kind == NetworkAnswerKind.Connectivity ? _tables.Build(_entryBytes) : null,
            Series = kind == NetworkAnswerKind.Series ? _series.Build() : null,
            Rows = kind == NetworkAnswerKind.Series ? _series.Rows : _flows.Rows,
            BytesRead = bytes,
            ReportedConnections = _reported,
            EntriesNotKept = _entriesNotKept,
            Error = kind == NetworkAnswerKind.Empty ? _error : null,
            InvalidValues = _into.Invalid.Total + _series.Invalid.Total,
        };
    }

    public override int Key(int place, ReadOnlySpan<byte> key) => place switch
    {
        Root => TopKey(key),
        Panel => ConnectivityBuilder.PanelOf(key),
        _ => Nowhere,
    };

    public override int Element(int place) => place switch
    {
        Root => RootElement,
        Traffic => Flow,
        Data => Point,
        Statistics => Panel,
        Devices or ExternalDevices or Subnets or Connections or (> ConnectivityBuilder.FirstPanel and < Row) => place + Row,
        _ => Nowhere,
    };

    public override Opening Open(int place, bool isArray) => place switch
    {
        Root => Opening.Enter,
        Traffic when isArray => EnterTraffic(),
        Data when isArray => EnterData(),
        Statistics when isArray => EnterStatistics(),
        Devices or ExternalDevices or Subnets or Connections or (> ConnectivityBuilder.FirstPanel and < Row) when isArray =>
            EnterTable(place),
        Panel when !isArray => Opening.Enter,
        Flow when isArray => LeaveOut(),
        Flow or LooseFlow or Summary or Metric or Point or > Row when !isArray => Opening.Take,
        Error => Opening.Take,
        _ => Opening.Skip,
    };

    public override bool TryChoose(int place, Utf8JsonReader reader, out int chosen)
    {
        chosen = place;
        if (place != RootElement || reader.TokenType != JsonTokenType.StartObject)
        {
            return true;
        }

        chosen = Nowhere;
        Span<byte> folded = stackalloc byte[FieldNames.Longest];
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.EndObject)
            {
                return true;
            }

            var key = folded[..FieldNames.Fold(ref reader, folded)];
            chosen = TopKey(key) != Nowhere ? Root : FieldNames.Flow(key) != FlowField.Other ? LooseFlow : Nowhere;
            if (chosen != Nowhere)
            {
                return true;
            }

            if (!reader.Read() || !reader.TrySkip())
            {
                return false;
            }
        }

        return false;
    }

    public override bool TryTake(int place, ref Utf8JsonReader reader, ReadOnlySpan<byte> text)
    {
        switch (place)
        {
            case Nowhere:
                return true;
            case Flow or LooseFlow:
                return TryTakeFlow(ref reader, text);
            default:
                if (!_entry.TryRead(ref reader))
                {
                    return false;
                }

                if (place is not (Point or > Row) || HasRoom())
                {
                    TakeEntry(place, reader.TokenType);
                }

                return true;
        }
    }

    private bool HasRoom()
    {
        if (_entries < MaxEntries && _entryBytes + _entry.Bytes <= MaxBytes)
        {
            _entries++;
            _entryBytes += _entry.Bytes;
            return true;
        }

        _entriesNotKept++;
        return false;
    }

    public override int Run(int place, ReadOnlySpan<byte> text) => place == Flow && _runs is not null ? _runs.Read(text) : 0;

    private static int TopKey(ReadOnlySpan<byte> key) => key.Length switch
    {
        4 when key.SequenceEqual("data"u8) => Data,
        5 when key.SequenceEqual("error"u8) => Error,
        6 when key.SequenceEqual("metric"u8) => Metric,
        7 when key.SequenceEqual("traffic"u8) => Traffic,
        7 when key.SequenceEqual("summary"u8) => Summary,
        7 when key.SequenceEqual("devices"u8) => Devices,
        7 when key.SequenceEqual("subnets"u8) => Subnets,
        10 when key.SequenceEqual("statistics"u8) => Statistics,
        11 when key.SequenceEqual("connections"u8) => Connections,
        15 when key.SequenceEqual("externaldevices"u8) => ExternalDevices,
        _ => Nowhere,
    };

    // Rows are in the set already when the key comes again: there is no last one that could win.
    private Opening EnterTraffic()
    {
        Repeated = _hasFlows ? "traffic" : null;
        _hasFlows = true;
        return Opening.Enter;
    }

    private Opening LeaveOut()
    {
        _into.Invalid.Add(InvalidKind.NoObject, "", "array"u8);
        return Opening.Skip;
    }

    private Opening EnterData()
    {
        _series.Begin();
        return Opening.Enter;
    }

    private Opening EnterStatistics()
    {
        _tables.HasStatistics = true;
        return Opening.Enter;
    }

    private Opening EnterTable(int place)
    {
        switch (place)
        {
            case Devices:
                _tables.Devices = [];
                break;
            case ExternalDevices:
                _tables.ExternalDevices = [];
                break;
            case Subnets:
                _tables.Subnets = [];
                break;
            case Connections:
                _tables.Connections = [];
                break;
            default:
                _tables.BeginPanel(place);
                break;
        }

        return Opening.Enter;
    }

    private bool TryTakeFlow(ref Utf8JsonReader reader, ReadOnlySpan<byte> text)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            _into.Invalid.Add(InvalidKind.NoObject, "", reader.ValueSpan);
            return true;
        }

        if (!_parser.TryRead(ref reader))
        {
            return false;
        }

        _hasFlows = true;
        _flows.Write(_parser.Row, text);
        _runs?.Learn(text, _trace);
        return true;
    }

    private void TakeEntry(int place, JsonTokenType type)
    {
        switch (place)
        {
            case Summary when type == JsonTokenType.EndObject:
                _hasSummary = true;
                _reported = _entry.Size("totalconnections");
                break;
            case Metric when type == JsonTokenType.EndObject:
                _tables.Metric = new MetricInfo(_entry.Whole("mlid"), _entry.Text("name"), _entry.Text("label"), _entry.Text("units"));
                break;
            case Metric when type == JsonTokenType.String:
                _series.Metric = _entry.Text("");
                break;
            case Point when type == JsonTokenType.EndObject:
                _series.Add(_entry);
                break;
            case Error:
                _error = _entry.AllTexts;
                break;
            case Devices + Row:
                _tables.Devices?.Add(ConnectivityBuilder.Device(_entry));
                break;
            case ExternalDevices + Row:
                _tables.ExternalDevices?.Add(ConnectivityBuilder.External(_entry));
                break;
            case Subnets + Row:
                _tables.Subnets?.Add(ConnectivityBuilder.Subnet(_entry));
                break;
            case Connections + Row:
                _tables.Connections?.Add(ConnectivityBuilder.Pair(_entry));
                break;
            case > Row when type == JsonTokenType.EndObject:
                _tables.AddToPanel(place - Row, _entry);
                break;
            default:
                break;
        }
    }
}
