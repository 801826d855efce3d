using System.Numerics;
using DtMcp.Exporting.Tables;

namespace DtMcp.Exporting.Parquet;

/// <summary>Parquet's hybrid of runs and packed numbers: one run where all are the same, else all packed.</summary>
internal static class Hybrid
{
    /// <summary>Numbers of a group that is packed.</summary>
    private const int Group = 8;

    /// <summary>Bits that numbers below a count take; one at least.</summary>
    public static int WidthOf(int count) => Math.Max(1, 32 - BitOperations.LeadingZeroCount((uint)Math.Max(0, count - 1)));

    /// <summary>Whether each row has a value: 1 or 0.</summary>
    public static void WriteLevels(ByteList into, ReadOnlySpan<long> values, int valid)
    {
        if (valid == values.Length || valid == 0)
        {
            WriteRun(into, values.Length, valid == 0 ? 0 : 1);
            return;
        }

        var packing = new Packing(into, values.Length, 1);
        foreach (var value in values)
        {
            packing.Add(value == Column.None ? 0u : 1u);
        }

        packing.Flush();
    }

    /// <summary>The values that are there, each of so many bits.</summary>
    public static void WriteNumbers(ByteList into, ReadOnlySpan<long> values, int valid, int width)
    {
        var packing = new Packing(into, valid, width);
        foreach (var value in values)
        {
            if (value != Column.None)
            {
                packing.Add((uint)value);
            }
        }

        packing.Flush();
    }

    private static void WriteRun(ByteList into, int count, int value)
    {
        into.Variable((ulong)count << 1);
        into.U8(value);
    }

    private ref struct Packing
    {
        private readonly ByteList _into;
        private readonly int _width;
        private readonly int _end;
        private ulong _bits;
        private int _held;

        public Packing(ByteList into, int count, int width)
        {
            var groups = (count + Group - 1) / Group;
            into.Variable(((ulong)groups << 1) | 1);
            (_into, _width, _end) = (into, width, into.Length + (groups * width));
        }

        public void Add(uint value)
        {
            _bits |= (ulong)value << _held;
            for (_held += _width; _held >= 8; _held -= 8)
            {
                _into.U8((int)(_bits & 0xFF));
                _bits >>= 8;
            }
        }

        /// <summary>Fills the last group with zeros.</summary>
        public readonly void Flush()
        {
            if (_held > 0)
            {
                _into.U8((int)_bits);
            }

            if (_into.Length < _end)
            {
                _into.Room(_end - _into.Length).Clear();
            }
        }
    }
}
