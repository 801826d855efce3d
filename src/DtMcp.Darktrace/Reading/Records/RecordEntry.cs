using System.Text.Json;
using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Reading.Json;
using DtMcp.Darktrace.Values;

namespace DtMcp.Darktrace.Reading.Records;

/// <summary>
/// One entry of Advanced Search while it is read token by token: the values that are wanted, wherever they stand, and nothing of the
/// others. The reference of <see cref="RecordRunReader"/>.
/// </summary>
internal sealed class RecordEntry(NameTable protocols, NameTable services)
{
    /// <summary>Longest text of a country or a network that is kept; no longer text is wanted of an entry.</summary>
    public const int LongestNote = 256;

    private readonly byte[] _notes = new byte[4 * LongestNote];
    private readonly List<DetailMark> _marks = [];
    private RecordValues _values;
    private int _noted;

    /// <summary>What the entry says in numbers.</summary>
    public ref readonly RecordValues Values => ref _values;

    public NetAddress SourceAddress { get; private set; }

    /// <summary>The source where it is no address.</summary>
    public string? SourceName { get; private set; }

    public NetAddress DestinationAddress { get; private set; }

    public string? DestinationName { get; private set; }

    public ushort Protocol { get; private set; }

    /// <summary>Whether the protocol is ICMP, whose ports are a type and a code.</summary>
    public bool IsIcmp { get; private set; }

    public ushort Service { get; private set; }

    /// <summary>Values of this entry that were not usable as they came.</summary>
    public InvalidValues Invalid { get; } = new();

    /// <summary>Countries and networks of the ends, as places in <see cref="Notes"/>.</summary>
    public ReadOnlySpan<DetailMark> Marks => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_marks);

    public ReadOnlySpan<byte> Notes => _notes.AsSpan(0, _noted);

    /// <summary>Whether a protocol is ICMP in any version.</summary>
    public static bool IsIcmpName(ReadOnlySpan<byte> protocol) =>
        protocol.Length >= 4 && System.Text.Ascii.EqualsIgnoreCase(protocol[..4], "icmp"u8);

    /// <summary>What Zeek writes where a value is not set, or empty.</summary>
    public static bool IsUnset(ReadOnlySpan<byte> text) =>
        text.IsEmpty || (text[0] is (byte)'-' or (byte)'(' && (text.SequenceEqual("-"u8) || text.SequenceEqual("(empty)"u8)));

    /// <summary>Whether the text of a side says local; null when it says neither.</summary>
    public static bool? IsLocal(ReadOnlySpan<byte> text) =>
        IsWord(text, "true"u8) || IsWord(text, "T"u8) ? true : IsWord(text, "false"u8) || IsWord(text, "F"u8) ? false : null;

    /// <summary>Reads on from the opening brace that the reader stands on; false when the text ends inside the entry.</summary>
    public bool TryRead(ref Utf8JsonReader reader)
    {
        Clear();
        var (level, field) = (RecordLevel.Entry, RecordField.None);
        Span<byte> folded = stackalloc byte[FieldNames.Longest];
        while (reader.Read())
        {
            JsonScalar.Check(ref reader);
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    field = RecordFields.Of(level, folded[..FieldNames.Fold(ref reader, folded)]);
                    break;
                case JsonTokenType.StartObject when field is RecordField.Source or RecordField.Fields:
                    level = RecordFields.Inside(field);
                    break;
                case JsonTokenType.StartObject or JsonTokenType.StartArray:
                    if (!TrySkip(ref reader))
                    {
                        return false;
                    }

                    break;
                case JsonTokenType.EndObject when level == RecordLevel.Entry:
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
        _values.Clear();
        (SourceAddress, SourceName, DestinationAddress, DestinationName) = (NetAddress.None, null, NetAddress.None, null);
        (Protocol, IsIcmp, Service) = (NameTable.UnknownId, false, NameTable.UnknownId);
        Invalid.Clear();
        _marks.Clear();
        _noted = 0;
    }

    private void Take(RecordField field, ref Utf8JsonReader reader)
    {
        // The message is the whole log line again: of use only where nothing else says when.
        if (field == RecordField.None || (field == RecordField.Message && _values.Start != RecordValues.Unset))
        {
            return;
        }

        if (field is RecordField.SourceIsLocal or RecordField.DestinationIsLocal)
        {
            _values[field] = Local(ref reader) is { } isLocal ? isLocal ? 1 : 0 : RecordValues.Unset;
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

        if (!IsUnset(text))
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
                _values[field] = Port("sourceport", text);
                break;
            case RecordField.DestinationPort:
                _values[field] = Port("destport", text);
                break;
            case RecordField.Protocol:
                Protocol = protocols.GetOrAdd(text);
                IsIcmp = IsIcmpName(text);
                break;
            case RecordField.Service:
                Service = services.GetOrAdd(text);
                break;
            case RecordField.StartTs or RecordField.EpochDate or RecordField.Ts:
                _values[field] = Seconds(text);
                break;
            case RecordField.Message:
                _values[field] = text.IndexOf((byte)'\t') is var end and > 0 ? Seconds(text[..end]) : RecordValues.Unset;
                break;
            case RecordField.Inserted:
                _values[field] = JsonScalar.TryTime(text, out var inserted) ? inserted : RecordValues.Unset;
                break;
            case RecordField.Duration:
                _values[field] = JsonScalar.TryMilliseconds(text, out var ms) && ms >= 0 ? ms : RecordValues.Unset;
                break;
            case RecordField.Sent:
                _values[field] = Size("origbytes", text);
                break;
            case RecordField.Received:
                _values[field] = Size("respbytes", text);
                break;
            case RecordField.SentPackets:
                _values[field] = Size("origpkts", text);
                break;
            case RecordField.ReceivedPackets:
                _values[field] = Size("resppkts", text);
                break;
            case RecordField.MissedSent or RecordField.MissedReceived:
                var missed = Math.Max(_values[field], 0) + Math.Max(Size("missedbytes", text), 0);
                _values[field] = Math.Min(missed, JsonScalar.LargestSize);
                break;
            case RecordField.State:
                _values[field] = (long)FlowFlags.Of(text);
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
    private static bool? Local(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        JsonTokenType.String => IsLocal(reader.ValueSpan),
        _ => null,
    };

    private static bool IsWord(ReadOnlySpan<byte> text, ReadOnlySpan<byte> word) => System.Text.Ascii.EqualsIgnoreCase(text, word);

    private void Note(FlowField field, ReadOnlySpan<byte> text)
    {
        if (text.Length <= LongestNote && _noted + text.Length <= _notes.Length)
        {
            text.CopyTo(_notes.AsSpan(_noted));
            _marks.Add(new DetailMark(field, _noted, text.Length));
            _noted += text.Length;
        }
    }

    private long Port(string name, ReadOnlySpan<byte> text)
    {
        if (!JsonScalar.TryWhole(text, out var port))
        {
            return RecordValues.Unset;
        }

        if (port is >= 0 and <= ushort.MaxValue)
        {
            return port;
        }

        Invalid.Add(InvalidKind.Port, name, text);
        return RecordValues.Unset;
    }

    // A size that is none is unknown, and told.
    private long Size(string name, ReadOnlySpan<byte> text)
    {
        if (!JsonScalar.TryWhole(text, out var size))
        {
            return RecordValues.Unset;
        }

        if (size is < 0 or > JsonScalar.LargestSize)
        {
            Invalid.Add(size < 0 ? InvalidKind.Size : InvalidKind.LargeSize, name, text);
        }

        return size < 0 ? RecordValues.Unset : Math.Min(size, JsonScalar.LargestSize);
    }

    // Seconds since 1970 with a fraction; an ISO time is taken too.
    private static long Seconds(ReadOnlySpan<byte> text) =>
        (JsonScalar.TryMilliseconds(text, out var ms) || IsoTime.TryParse(text, out ms)) && JsonScalar.IsTime(ms)
            ? ms
            : RecordValues.Unset;
}
