using System.Text.Json;
using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Reading.Json;
using DtMcp.Darktrace.Values;

namespace DtMcp.Darktrace.Reading.Rows;

/// <summary>
/// Reads one row of <c>traffic[]</c>, whatever it holds, token by token; gives up without a trace when the window ends inside it. The
/// shape, every field optional, null or of another type than expected:
/// <code>
/// {"sourcedevice":{"did":1,"ip":"..","hostname":"..","devicelabel":".."},"destinationdevice":{..},"protocol":"tcp","sourceport":1,
///  "destinationport":2,
///  "applicationprotocol":"..","bytes":3,"packets":4,"duration":5,"starttime":6,"endtime":7,"direction":"internal","flags":[".."]}
/// </code>
/// </summary>
internal sealed partial class FlowRowParser
{
    private readonly Place[] _places = new Place[JsonStream.MaxDepth + 1];

    private enum Place : byte
    {
        Row,
        Source,
        Destination,
        Ips,
        Ip,
        Tags,
        Tag,
        Flags,
        Other,
    }

    public FlowRow Row { get; } = new();

    /// <summary>
    /// Notes every value of the row with its place, for <see cref="TemplateRowReader"/> to learn from; null to note nothing.
    /// </summary>
    public RowTrace? Trace { get; init; }

    /// <summary>
    /// Reads on from the row's opening brace, which the reader stands on; texts are kept as slices of the text that the reader reads.
    /// </summary>
    public bool TryRead(ref Utf8JsonReader reader)
    {
        Row.Clear();
        Trace?.Begin((int)reader.TokenStartIndex);
        var outside = reader.CurrentDepth;
        var place = Place.Row;
        var side = FlowField.Source;
        var field = FlowField.Other;
        Span<byte> folded = stackalloc byte[FieldNames.Longest];
        while (reader.Read())
        {
            JsonScalar.Check(ref reader);
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    field = Resolve(place, side, folded[..FieldNames.Fold(ref reader, folded)]);
                    if (place is Place.Row or Place.Source or Place.Destination)
                    {
                        Trace?.Key(field);
                    }

                    break;
                case JsonTokenType.StartObject or JsonTokenType.StartArray:
                    field = place is Place.Ips or Place.Tags or Place.Flags ? FlowField.Other : field;
                    Void(field);
                    _places[reader.CurrentDepth - outside] = place;
                    place = Enter(place, field, reader.TokenType == JsonTokenType.StartArray);
                    side = place == Place.Source ? FlowField.Source : place == Place.Destination ? FlowField.Destination : side;
                    field = Element(place, side);
                    break;
                case JsonTokenType.EndObject or JsonTokenType.EndArray when reader.CurrentDepth == outside:
                    Trace?.End((int)reader.BytesConsumed);
                    return true;
                case JsonTokenType.EndObject or JsonTokenType.EndArray:
                    place = _places[reader.CurrentDepth - outside];
                    field = Element(place, side);
                    break;
                default:
                    Take(ref reader, field, place is Place.Ips or Place.Ip or Place.Tags or Place.Tag or Place.Flags);
                    break;
            }
        }

        return false;
    }

    private static FlowField Device(FlowField side, DeviceField field) => (FlowField)((int)side + (int)field);

    // The field that an element of an array has, without a key.
    private static FlowField Element(Place place, FlowField side) => place switch
    {
        Place.Ips => Device(side, DeviceField.MoreIp),
        Place.Tags => Device(side, DeviceField.Tag),
        Place.Flags => FlowField.Flag,
        _ => FlowField.Other,
    };

    private static FlowField Resolve(Place place, FlowField side, ReadOnlySpan<byte> key) => place switch
    {
        Place.Row => FieldNames.Flow(key),
        Place.Source or Place.Destination =>
            FieldNames.Device(key) is var field and not DeviceField.Other ? Device(side, field) : FlowField.Other,
        Place.Ip when key.SequenceEqual("ip"u8) => Device(side, DeviceField.MoreIp),
        Place.Tag when key.SequenceEqual("name"u8) => Device(side, DeviceField.Tag),
        _ => FlowField.Other,
    };

    private static Place Enter(Place place, FlowField field, bool isArray) => (place, isArray) switch
    {
        (Place.Row, false) when field == FlowField.Source => Place.Source,
        (Place.Row, false) when field == FlowField.Destination => Place.Destination,
        (Place.Row, true) when field == FlowField.Flag => Place.Flags,
        (Place.Source or Place.Destination, true) when Inside(field) == DeviceField.MoreIp => Place.Ips,
        (Place.Source or Place.Destination, true) when Inside(field) == DeviceField.Tag => Place.Tags,
        (Place.Ips, false) => Place.Ip,
        (Place.Tags, false) => Place.Tag,
        _ => Place.Other,
    };

    private static DeviceField Inside(FlowField field) => (DeviceField)((int)field % (int)FlowField.Source);

    private void Take(ref Utf8JsonReader reader, FlowField field, bool isElement)
    {
        var text = default(TextSlice);
        if (reader.TokenType is JsonTokenType.String or JsonTokenType.Number)
        {
            var start = (int)reader.TokenStartIndex + (reader.TokenType == JsonTokenType.String ? 1 : 0);
            text = new TextSlice(start, reader.ValueSpan.Length, reader.ValueIsEscaped);
        }

        Trace?.Value(field, (int)reader.TokenStartIndex, (int)reader.BytesConsumed, reader.TokenType == JsonTokenType.String);
        if (field == FlowField.Other)
        {
            return;
        }

        // The last of a repeated key wins, also when it says nothing.
        if (!isElement)
        {
            Void(field);
        }

        if (field >= FlowField.Source)
        {
            TakeDevice(ref reader, field, text);
        }
        else if (reader.TokenType != JsonTokenType.Null)
        {
            TakeFlow(ref reader, field, text);
        }
    }

    private void TakeFlow(ref Utf8JsonReader reader, FlowField field, TextSlice text)
    {
        var value = reader.ValueSpan;
        InvalidKind? odd = null;
        switch (field)
        {
            case FlowField.Bytes:
                Row.Bytes = Size(ref reader, FlowFields.Bytes, ref odd);
                break;
            case FlowField.Packets:
                Row.Packets = Size(ref reader, FlowFields.Packets, ref odd);
                break;
            case FlowField.SourcePort:
                Row.SourcePort = Port(ref reader, FlowFields.SourcePort, ref odd);
                break;
            case FlowField.DestinationPort:
                Row.DestinationPort = Port(ref reader, FlowFields.DestinationPort, ref odd);
                break;
            case FlowField.Duration when text.Length > 0 && JsonScalar.TryMilliseconds(value, out var length) && length >= 0:
                Row.Duration = (int)Math.Min(length, int.MaxValue);
                Fill(FlowFields.Duration);
                break;
            case FlowField.Start when text.Length > 0 && TimeUnits.TryParse(value, out var time, out odd):
                Row.Start = time;
                Fill(FlowFields.Start);
                break;
            case FlowField.End when text.Length > 0 && TimeUnits.TryParse(value, out var time, out odd):
                Row.End = time;
                break;
            case FlowField.Protocol:
                Row.Protocol = text;
                Fill(text.Length > 0 ? FlowFields.Protocol : FlowFields.None);
                break;
            case FlowField.ApplicationProtocol:
                Row.ApplicationProtocol = text;
                Fill(text.Length > 0 ? FlowFields.ApplicationProtocol : FlowFields.None);
                break;
            case FlowField.Direction when Says(ref reader, "internal"u8):
                Row.Traits |= FlowTraits.MarkedInternal;
                Fill(FlowFields.Direction);
                break;
            case FlowField.Direction when Says(ref reader, "external"u8):
                Row.Traits |= FlowTraits.MarkedExternal;
                Fill(FlowFields.Direction);
                break;
            case FlowField.Direction:
                break;
            case FlowField.Flag:
                var state = State(ref reader);
                Row.Traits |= state;
                Fill(state == FlowTraits.None ? FlowFields.None : FlowFields.State);
                break;
            default:
                odd = InvalidKind.Other;
                break;
        }

        if (odd is { } kind)
        {
            Row.Invalid.Add(kind, Name(field), value);
        }
    }

    // What the key of a value that may be odd is called on the wire.
    private static string Name(FlowField field) => field switch
    {
        FlowField.Bytes => "bytes",
        FlowField.Packets => "packets",
        FlowField.SourcePort => "sourceport",
        FlowField.DestinationPort => "destinationport",
        FlowField.Duration => "duration",
        FlowField.Start => "starttime",
        FlowField.End => "endtime",
        _ => "did",
    };

    private void TakeDevice(ref Utf8JsonReader reader, FlowField field, TextSlice text)
    {
        var device = field < FlowField.Destination ? Row.Source : Row.Destination;
        if (text.Length == 0)
        {
            return;
        }

        switch (Inside(field))
        {
            case DeviceField.Did:
                if (JsonScalar.TryWhole(ref reader, out var did) && did is not (long.MinValue or long.MaxValue))
                {
                    device.Did = did;
                }
                else
                {
                    Row.Invalid.Add(InvalidKind.Other, Name(field), reader.ValueSpan);
                }

                break;
            case DeviceField.Self or DeviceField.Ip when reader.TokenType == JsonTokenType.String:
                device.Ip = text;
                break;
            case DeviceField.MoreIp when reader.TokenType == JsonTokenType.String && device.MoreIp.Length == 0:
                device.MoreIp = text;
                break;
            case DeviceField.FirstSeen when JsonScalar.TryTime(reader.ValueSpan, out var time):
                device.FirstSeen = time;
                device.Present |= DeviceDetails.FirstSeen;
                break;
            case DeviceField.LastSeen when JsonScalar.TryTime(reader.ValueSpan, out var time):
                device.LastSeen = time;
                device.Present |= DeviceDetails.LastSeen;
                break;
            case DeviceField.SubnetId when JsonScalar.TryWhole(ref reader, out var sid):
                device.SubnetId = sid;
                device.Present |= DeviceDetails.SubnetId;
                break;
            case DeviceField.Tag:
                device.AddTag(text);
                break;
            case >= DeviceField.Hostname and var name:
                device.SetText(name, text);
                break;
            default:
                break;
        }
    }

    private void Fill(FlowFields field) => Row.Filled |= field;

    private long Size(ref Utf8JsonReader reader, FlowFields filled, ref InvalidKind? odd)
    {
        if (!JsonScalar.TryWhole(ref reader, out var size) || size < 0)
        {
            odd = InvalidKind.Size;
            return 0;
        }

        Fill(filled);
        odd = size > JsonScalar.LargestSize ? InvalidKind.LargeSize : null;
        return Math.Min(size, JsonScalar.LargestSize);
    }

    private ushort Port(ref Utf8JsonReader reader, FlowFields filled, ref InvalidKind? odd)
    {
        if (!JsonScalar.TryWhole(ref reader, out var port) || port is < 0 or > ushort.MaxValue)
        {
            odd = InvalidKind.Port;
            return 0;
        }

        Fill(filled);
        return (ushort)port;
    }

    private static FlowTraits State(ref Utf8JsonReader reader) => reader.TokenType != JsonTokenType.String ? FlowTraits.None
        : FlowFlags.Of(reader.ValueIsEscaped
            ? System.Text.Encoding.UTF8.GetBytes(JsonScalar.Text(reader.ValueSpan, true))
            : reader.ValueSpan);

    private static bool Says(ref Utf8JsonReader reader, ReadOnlySpan<byte> word)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            return false;
        }

        return reader.ValueIsEscaped
            ? System.Text.Ascii.EqualsIgnoreCase(word, JsonScalar.Text(reader.ValueSpan, true))
            : System.Text.Ascii.EqualsIgnoreCase(word, reader.ValueSpan);
    }
}
