using System.Text;

namespace DtMcp.Simulator.Records.Exports;

/// <summary>A structure of Thrift's compact protocol as it stands: fields by their numbers, whatever they mean.</summary>
internal sealed class ThriftTree
{
    // A head of these files is a few deep; one that is deeper is none.
    private const int Deepest = 32;

    private readonly Dictionary<int, object> _fields = [];

    public bool Has(int field) => _fields.ContainsKey(field);

    public long Number(int field) => _fields.GetValueOrDefault(field) is long number ? number : throw Missing(field);

    public int Small(int field) => checked((int)Number(field));

    public string Text(int field) => Encoding.UTF8.GetString(_fields.GetValueOrDefault(field) as byte[] ?? throw Missing(field));

    public ThriftTree Struct(int field) => _fields.GetValueOrDefault(field) as ThriftTree ?? throw Missing(field);

    public IEnumerable<ThriftTree> Structs(int field) => List(field).Cast<ThriftTree>();

    public IReadOnlyList<object> List(int field) => _fields.GetValueOrDefault(field) as List<object> ?? throw Missing(field);

    /// <param name="bytes">Begins with the structure.</param>
    /// <param name="at">Moves behind it.</param>
    public static ThriftTree Read(ReadOnlySpan<byte> bytes, ref int at) => Read(bytes, ref at, 0);

    private static ThriftTree Read(ReadOnlySpan<byte> bytes, ref int at, int depth)
    {
        if (depth > Deepest)
        {
            throw new InvalidDataException("a head is nested too deep");
        }

        var tree = new ThriftTree();
        for (var last = 0; bytes[at++] is not 0 and var head;)
        {
            last = head >> 4 is not 0 and var step ? last + step : (int)ZigZag(bytes, ref at);
            tree._fields[last] = Value(bytes, ref at, head & 15, depth, isInList: false);
        }

        return tree;
    }

    private static object Value(ReadOnlySpan<byte> bytes, ref int at, int kind, int depth, bool isInList)
    {
        switch (kind)
        {
            case 1 or 2:
                return isInList ? bytes[at++] == 1 : kind == 1;
            case 3:
                return (long)(sbyte)bytes[at++];
            case 4 or 5 or 6:
                return ZigZag(bytes, ref at);
            case 7:
                at += sizeof(double);
                return BitConverter.ToDouble(bytes[(at - sizeof(double))..at]);
            case 8:
                var length = checked((int)Variable(bytes, ref at));
                at += length;
                return bytes[(at - length)..at].ToArray();
            case 9 or 10:
                return List(bytes, ref at, depth);
            case 12:
                return Read(bytes, ref at, depth + 1);
            default:
                throw new InvalidDataException("a head has a kind of field that is not known");
        }
    }

    private static List<object> List(ReadOnlySpan<byte> bytes, ref int at, int depth)
    {
        var head = bytes[at++];
        var count = head >> 4 is var few and < 15 ? (ulong)few : Variable(bytes, ref at);
        List<object> items = [];
        for (ulong i = 0; i < count; i++)
        {
            items.Add(Value(bytes, ref at, head & 15, depth, isInList: true));
        }

        return items;
    }

    private static long ZigZag(ReadOnlySpan<byte> bytes, ref int at) =>
        Variable(bytes, ref at) is var value ? (long)(value >> 1) ^ -(long)(value & 1) : 0;

    /// <summary>Seven bits a byte, the low ones first.</summary>
    internal static ulong Variable(ReadOnlySpan<byte> bytes, ref int at)
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var part = bytes[at++];
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
            {
                return value;
            }
        }

        throw new InvalidDataException("a number does not end");
    }

    private static InvalidDataException Missing(int field) => new($"a head has no field {field} of the kind that belongs there");
}
