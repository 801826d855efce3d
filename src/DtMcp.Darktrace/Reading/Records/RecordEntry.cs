using System.Text.Json;
using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Reading.Json;
using DtMcp.Darktrace.Values;

namespace DtMcp.Darktrace.Reading.Records;

/// <summary>
/// One entry of Advanced Search while it is read: the values that are wanted, wherever they stand, and nothing of the others.
/// </summary>
internal sealed class RecordEntry(NameTable protocols, NameTable services)
{
    private const int LongestNote = 256;

    // Below the entry itself: _source, and @fields in it.
    private const int Entry = 1;
    private const int Source = 2;
    private const int Fields = 3;

    private readonly byte[] _notes = new byte[4 * LongestNote];
    private readonly List<DetailMark> _marks = [];
    private int _noted;

    public NetAddress SourceAddress { get; private set; }

    /// <summary>The source where it is no address.</summary>
    public string? SourceName { get; private set; }

    public NetAddress DestinationAddress { get; private set; }

    public string? DestinationName { get; private set; }

    public long? SourcePort { get; private set; }

    public long? DestinationPort { get; private set; }

    public ushort Protocol { get; private set; }

    /// <summary>Whether the protocol is ICMP, whose ports are a type and a code.</summary>
    public bool IsIcmp { get; private set; }

    public ushort Service { get; private set; }

    /// <summary>
    /// The connection's own start: <c>start_ts</c>, else <c>epochdate</c>, else <c>ts</c>, else the first column of <c>@message</c>.
    /// </summary>
    public long? Start => _startTs ?? _epochDate ?? _ts ?? _message;

    /// <summary>When the entry was put into the index, in whole seconds.</summary>
    public long? Inserted { get; private set; }

    public int? Duration { get; private set; }

    public long? Sent { get; private set; }

    public long? Received { get; private set; }

    public long? SentPackets { get; private set; }

    public long? ReceivedPackets { get; private set; }

    /// <summary>Payload that a sensor did not see, by gaps in the sequence numbers.</summary>
    public long Missed { get; private set; }

    /// <summary>What <c>conn_state</c> says: established or failed, or neither.</summary>
    public FlowTraits State { get; private set; }

    /// <summary>Values of this entry that were not usable as they came.</summary>
    public InvalidValues Invalid { get; } = new();

    /// <summary>Whether the appliance holds the source for one of its own; null when it does not say.</summary>
    public bool? SourceIsLocal { get; private set; }

    public bool? DestinationIsLocal { get; private set; }

    /// <summary>Countries and networks of the ends, as places in <see cref="Notes"/>.</summary>
    public ReadOnlySpan<DetailMark> Marks => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_marks);

    public ReadOnlySpan<byte> Notes => _notes.AsSpan(0, _noted);

    private long? _startTs;
    private long? _epochDate;
    private long? _ts;
    private long? _message;

    /// <summary>Reads on from the opening brace that the reader stands on; false when the text ends inside the entry.</summary>
    public bool TryRead(ref Utf8JsonReader reader)
    {
        Clear();
        var (level, field) = (Entry, RecordField.None);
        Span<byte> folded = stackalloc byte[FieldNames.Longest];
        while (reader.Read())
        {
            JsonScalar.Check(ref reader);
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    field = FieldOf(level, folded[..FieldNames.Fold(ref reader, folded)]);
                    break;
                case JsonTokenType.StartObject when field is RecordField.Source or RecordField.Fields:
                    level = field == RecordField.Source ? Source : Fields;
                    break;
                case JsonTokenType.StartObject or JsonTokenType.StartArray:
                    if (!TrySkip(ref reader))
                    {
                        return false;
                    }

                    break;
                case JsonTokenType.EndObject when level == Entry:
                    return true;
                case JsonTokenType.EndObject:
                    level--;
                    break;
                default:
                    Take(field, ref reader);
                    break;
            }
        }

        return false;
    }

    private static bool TrySkip(ref Utf8JsonReader reader)
    {
        var outside = reader.CurrentDepth;
        while (reader.Read())
        {
            JsonScalar.Check(ref reader);
            if (reader.CurrentDepth == outside)
            {
                return true;
            }
        }

        return false;
    }

    private void Clear()
    {
        (SourceAddress, SourceName, DestinationAddress, DestinationName) = (NetAddress.None, null, NetAddress.None, null);
        (SourcePort, DestinationPort, Protocol, IsIcmp, Service) = (null, null, NameTable.UnknownId, false, NameTable.UnknownId);
        (_startTs, _epochDate, _ts, _message, Inserted, Duration) = (null, null, null, null, null, null);
        (Sent, Received, SentPackets, ReceivedPackets, Missed) = (null, null, null, null, 0);
        (State, SourceIsLocal, DestinationIsLocal) = (FlowTraits.None, null, null);
        Invalid.Clear();
        _marks.Clear();
        _noted = 0;
    }

    private void Take(RecordField field, ref Utf8JsonReader reader)
    {
        // The message is the whole log line again: of use only where nothing else says when.
        if (field == RecordField.None || (field == RecordField.Message && Start is not null))
        {
            return;
        }

        if (field is RecordField.SourceIsLocal or RecordField.DestinationIsLocal)
        {
            TakeLocal(field, ref reader);
            return;
        }

        if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.Number))
        {
            return;
        }

        scoped var text = reader.ValueSpan;
        Span<byte> plain = stackalloc byte[LongestNote];
        if (reader.ValueIsEscaped)
        {
            // No value that is wanted is longer; an escape never makes it shorter than a sixth.
            text = text.Length > LongestNote ? text[..LongestNote] : text;
            text = plain[..JsonScalar.Unescape(text, plain)];
        }

        // What Zeek writes where a value is not set, or empty.
        if (!text.IsEmpty && !text.SequenceEqual("-"u8) && !text.SequenceEqual("(empty)"u8))
        {
            Take(field, text);
        }
    }

    private void Take(RecordField field, ReadOnlySpan<byte> text)
    {
        switch (field)
        {
            case RecordField.SourceIp:
                (SourceAddress, SourceName) = NetAddress.TryParse(text, out var source)
                    ? (source, null)
                    : (NetAddress.None, JsonScalar.Text(text, escaped: false));
                break;
            case RecordField.DestinationIp:
                (DestinationAddress, DestinationName) = NetAddress.TryParse(text, out var destination)
                    ? (destination, null)
                    : (NetAddress.None, JsonScalar.Text(text, escaped: false));
                break;
            case RecordField.SourcePort:
                SourcePort = Port("sourceport", text);
                break;
            case RecordField.DestinationPort:
                DestinationPort = Port("destport", text);
                break;
            case RecordField.Protocol:
                Protocol = protocols.GetOrAdd(text);
                IsIcmp = text.Length >= 4 && System.Text.Ascii.EqualsIgnoreCase(text[..4], "icmp"u8);
                break;
            case RecordField.Service:
                Service = services.GetOrAdd(text);
                break;
            case RecordField.StartTs:
                _startTs = Seconds(text);
                break;
            case RecordField.EpochDate:
                _epochDate = Seconds(text);
                break;
            case RecordField.Ts:
                _ts = Seconds(text);
                break;
            case RecordField.Message:
                _message = text.IndexOf((byte)'\t') is var end and > 0 ? Seconds(text[..end]) : null;
                break;
            case RecordField.Inserted:
                Inserted = JsonScalar.TryTime(text, out var inserted) ? inserted : null;
                break;
            case RecordField.Duration:
                Duration = JsonScalar.TryMilliseconds(text, out var ms) && ms >= 0 ? (int)Math.Min(ms, int.MaxValue) : null;
                break;
            case RecordField.Sent:
                Sent = Size("origbytes", text);
                break;
            case RecordField.Received:
                Received = Size("respbytes", text);
                break;
            case RecordField.SentPackets:
                SentPackets = Size("origpkts", text);
                break;
            case RecordField.ReceivedPackets:
                ReceivedPackets = Size("resppkts", text);
                break;
            case RecordField.Missed:
                Missed = Math.Min(Missed + (Size("missedbytes", text) ?? 0), JsonScalar.LargestSize);
                break;
            case RecordField.State:
                State = FlowFlags.Of(text);
                break;
            case RecordField.SourceCountry:
                Note(FlowField.Source + (int)DeviceField.Country, text);
                break;
            case RecordField.DestinationCountry:
                Note(FlowField.Destination + (int)DeviceField.Country, text);
                break;
            case RecordField.SourceAsn:
                Note(FlowField.Source + (int)DeviceField.Asn, text);
                break;
            case RecordField.DestinationAsn:
                Note(FlowField.Destination + (int)DeviceField.Asn, text);
                break;
            default:
                break;
        }
    }

    // true and "true" both occur.
    private void TakeLocal(RecordField field, ref Utf8JsonReader reader)
    {
        bool? said = reader.TokenType switch
        {
            JsonTokenType.True => true,
            JsonTokenType.False => false,
            JsonTokenType.String when IsWord(reader.ValueSpan, "true"u8) || IsWord(reader.ValueSpan, "T"u8) => true,
            JsonTokenType.String when IsWord(reader.ValueSpan, "false"u8) || IsWord(reader.ValueSpan, "F"u8) => false,
            _ => null,
        };
        if (field == RecordField.SourceIsLocal)
        {
            SourceIsLocal = said;
        }
        else
        {
            DestinationIsLocal = said;
        }

        static bool IsWord(ReadOnlySpan<byte> text, ReadOnlySpan<byte> word) => System.Text.Ascii.EqualsIgnoreCase(text, word);
    }

    private void Note(FlowField field, ReadOnlySpan<byte> text)
    {
        if (text.Length <= LongestNote && _noted + text.Length <= _notes.Length)
        {
            text.CopyTo(_notes.AsSpan(_noted));
            _marks.Add(new DetailMark(field, _noted, text.Length));
            _noted += text.Length;
        }
    }

    private long? Port(string name, ReadOnlySpan<byte> text)
    {
        if (!JsonScalar.TryWhole(text, out var port))
        {
            return null;
        }

        if (port is >= 0 and <= ushort.MaxValue)
        {
            return port;
        }

        Invalid.Add(InvalidKind.Port, name, text);
        return null;
    }

    // A size that is none is unknown, and told.
    private long? Size(string name, ReadOnlySpan<byte> text)
    {
        if (!JsonScalar.TryWhole(text, out var size))
        {
            return null;
        }

        if (size is < 0 or > JsonScalar.LargestSize)
        {
            Invalid.Add(size < 0 ? InvalidKind.Size : InvalidKind.LargeSize, name, text);
        }

        return size < 0 ? null : Math.Min(size, JsonScalar.LargestSize);
    }

    // Seconds since 1970 with a fraction; an ISO time is taken too.
    private static long? Seconds(ReadOnlySpan<byte> text) =>
        (JsonScalar.TryMilliseconds(text, out var ms) || IsoTime.TryParse(text, out ms)) && JsonScalar.IsTime(ms) ? ms : null;

    private static RecordField FieldOf(int level, ReadOnlySpan<byte> key) => level switch
    {
        Entry => key.SequenceEqual("source"u8) ? RecordField.Source : RecordField.None,
        Source => key.Length switch
        {
            7 when key.SequenceEqual("@fields"u8) => RecordField.Fields,
            8 when key.SequenceEqual("@message"u8) => RecordField.Message,
            10 when key.SequenceEqual("@timestamp"u8) => RecordField.Inserted,
            _ => RecordField.None,
        },
        _ => FieldOf(key),
    };

    private static RecordField FieldOf(ReadOnlySpan<byte> key) => key.Length switch
    {
        2 when key.SequenceEqual("ts"u8) => RecordField.Ts,
        5 when key.SequenceEqual("proto"u8) => RecordField.Protocol,
        6 when key.SequenceEqual("destip"u8) => RecordField.DestinationIp,
        6 when key.SequenceEqual("origcc"u8) => RecordField.SourceCountry,
        6 when key.SequenceEqual("respcc"u8) => RecordField.DestinationCountry,
        7 when key.SequenceEqual("startts"u8) => RecordField.StartTs,
        7 when key.SequenceEqual("service"u8) => RecordField.Service,
        7 when key.SequenceEqual("origasn"u8) => RecordField.SourceAsn,
        7 when key.SequenceEqual("respasn"u8) => RecordField.DestinationAsn,
        8 when key.SequenceEqual("sourceip"u8) || key.SequenceEqual("id.origh"u8) => RecordField.SourceIp,
        8 when key.SequenceEqual("id.resph"u8) => RecordField.DestinationIp,
        8 when key.SequenceEqual("id.origp"u8) => RecordField.SourcePort,
        8 when key.SequenceEqual("id.respp"u8) || key.SequenceEqual("destport"u8) => RecordField.DestinationPort,
        8 when key.SequenceEqual("duration"u8) => RecordField.Duration,
        8 when key.SequenceEqual("origpkts"u8) => RecordField.SentPackets,
        8 when key.SequenceEqual("resppkts"u8) => RecordField.ReceivedPackets,
        9 when key.SequenceEqual("epochdate"u8) => RecordField.EpochDate,
        9 when key.SequenceEqual("origbytes"u8) => RecordField.Sent,
        9 when key.SequenceEqual("respbytes"u8) => RecordField.Received,
        9 when key.SequenceEqual("connstate"u8) => RecordField.State,
        9 when key.SequenceEqual("localorig"u8) => RecordField.SourceIsLocal,
        9 when key.SequenceEqual("localresp"u8) => RecordField.DestinationIsLocal,
        10 when key.SequenceEqual("sourceport"u8) => RecordField.SourcePort,
        15 when key.SequenceEqual("missedbytesorig"u8) || key.SequenceEqual("missedbytesresp"u8) => RecordField.Missed,
        _ => RecordField.None,
    };

    private enum RecordField : byte
    {
        None,
        Source,
        Fields,
        Message,
        Inserted,
        SourceIp,
        DestinationIp,
        SourcePort,
        DestinationPort,
        Protocol,
        Service,
        StartTs,
        EpochDate,
        Ts,
        Duration,
        Sent,
        Received,
        SentPackets,
        ReceivedPackets,
        Missed,
        State,
        SourceIsLocal,
        DestinationIsLocal,
        SourceCountry,
        DestinationCountry,
        SourceAsn,
        DestinationAsn,
    }
}
