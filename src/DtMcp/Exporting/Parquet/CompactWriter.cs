using System.Text;
using DtMcp.Exporting.Tables;

namespace DtMcp.Exporting.Parquet;

/// <summary>Thrift's compact protocol, which Parquet's heads are written in: fields by the distance of their numbers.</summary>
internal sealed class CompactWriter(ByteList into)
{
    private const int True = 1;
    private const int False = 2;
    private const int Byte = 3;
    private const int Number32 = 5;
    private const int Number64 = 6;
    private const int Binary = 8;
    private const int List = 9;
    private const int Struct = 12;

    // A list of fewer has its length beside the kind of its elements.
    private const int LongList = 15;

    private readonly Stack<int> _outer = [];
    private int _last;

    public void Flag(int field, bool value) => Head(field, value ? True : False);

    public void Small(int field, int value)
    {
        Head(field, Byte);
        into.U8(value);
    }

    public void I32(int field, int value)
    {
        Head(field, Number32);
        ZigZag(value);
    }

    public void I64(int field, long value)
    {
        Head(field, Number64);
        ZigZag(value);
    }

    public void Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    public void Bytes(int field, ReadOnlySpan<byte> value)
    {
        Head(field, Binary);
        Bytes(value);
    }

    /// <summary>Begins a structure that is a field.</summary>
    public void Begin(int field)
    {
        Head(field, Struct);
        Begin();
    }

    /// <summary>Begins a structure: the whole, or an element of a list.</summary>
    public void Begin()
    {
        _outer.Push(_last);
        _last = 0;
    }

    public void End()
    {
        into.U8(0);
        _last = _outer.Pop();
    }

    /// <summary>A structure without fields.</summary>
    public void Empty(int field)
    {
        Begin(field);
        End();
    }

    /// <summary>A list of structures, to follow.</summary>
    public void Structs(int field, int count) => ListHead(field, count, Struct);

    public void Numbers(int field, params ReadOnlySpan<int> values)
    {
        ListHead(field, values.Length, Number32);
        foreach (var value in values)
        {
            ZigZag(value);
        }
    }

    public void Texts(int field, string value)
    {
        ListHead(field, 1, Binary);
        Bytes(Encoding.UTF8.GetBytes(value));
    }

    private void ListHead(int field, int count, int kind)
    {
        Head(field, List);
        if (count < LongList)
        {
            into.U8((count << 4) | kind);
            return;
        }

        into.U8((LongList << 4) | kind);
        into.Variable((uint)count);
    }

    private void Bytes(ReadOnlySpan<byte> value)
    {
        into.Variable((uint)value.Length);
        into.Raw(value);
    }

    // Every field here is less than 16 above the one before.
    private void Head(int field, int kind)
    {
        into.U8(((field - _last) << 4) | kind);
        _last = field;
    }

    private void ZigZag(long value) => into.Variable((ulong)((value << 1) ^ (value >> 63)));
}
