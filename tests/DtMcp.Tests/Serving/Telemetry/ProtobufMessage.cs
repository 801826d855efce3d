using System.Text;
using Google.Protobuf;

namespace DtMcp.Tests.Serving.Telemetry;

/// <summary>A protobuf message by the numbers of its fields, as opentelemetry-proto gives them.</summary>
internal sealed class ProtobufMessage
{
    private readonly List<(int Number, object Value)> _fields = [];

    public ProtobufMessage(ReadOnlySpan<byte> bytes)
    {
        var input = new CodedInputStream(bytes.ToArray());
        while (input.ReadTag() is var tag and > 0)
        {
            object value = WireFormat.GetTagWireType(tag) switch
            {
                WireFormat.WireType.Varint => (long)input.ReadUInt64(),
                WireFormat.WireType.Fixed64 => (long)input.ReadFixed64(),
                WireFormat.WireType.Fixed32 => (long)input.ReadFixed32(),
                _ => input.ReadBytes().ToByteArray(),
            };
            _fields.Add((WireFormat.GetTagFieldNumber(tag), value));
        }
    }

    /// <summary>The messages at the end of a path of fields, of which each may be there many times.</summary>
    public IEnumerable<ProtobufMessage> At(params ReadOnlySpan<int> path)
    {
        if (path.IsEmpty)
        {
            return [this];
        }

        var rest = path[1..].ToArray();
        return Of(path[0]).SelectMany(inner => inner.At(rest));
    }

    public string Text(int number) => Encoding.UTF8.GetString(Bytes(number));

    public string Hex(int number) => Convert.ToHexStringLower(Bytes(number));

    public long Number(int number) => Values(number).OfType<long>().FirstOrDefault();

    /// <summary>Attributes, each with its text or number.</summary>
    public IReadOnlyDictionary<string, string> Attributes(int number) => At(number).ToDictionary(
        pair => pair.Text(1), pair => pair.At(2).First() is var value && value.Text(1) is { Length: > 0 } text
            ? text
            : $"{value.Number(3)}");

    private IEnumerable<ProtobufMessage> Of(int number) =>
        Values(number).OfType<byte[]>().Select(bytes => new ProtobufMessage(bytes));

    private byte[] Bytes(int number) => Values(number).OfType<byte[]>().FirstOrDefault([]);

    private IEnumerable<object> Values(int number) =>
        _fields.Where(field => field.Number == number).Select(field => field.Value);
}
