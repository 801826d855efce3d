using System.Buffers.Text;

namespace DtMcp.Simulator.Endpoints.Network;

/// <summary>Writes the fields of one row that are wanted, with the commas between them.</summary>
internal ref struct RowPart(AnswerWriter answer, RowField wanted)
{
    private const int MaxNumberBytes = 40;

    private bool _isOpen;

    public void Raw(RowField field, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (Begin(field, name))
        {
            answer.Write(value);
        }
    }

    public void Number(RowField field, ReadOnlySpan<byte> name, long value)
    {
        if (Begin(field, name))
        {
            Utf8Formatter.TryFormat(value, answer.GetSpan(MaxNumberBytes), out var written);
            answer.Advance(written);
        }
    }

    /// <summary>Seconds to the microsecond, which is what Zeek measures; a whole number when it is one.</summary>
    public void Seconds(RowField field, ReadOnlySpan<byte> name, double value)
    {
        if (Begin(field, name))
        {
            Utf8Formatter.TryFormat((decimal)Math.Round(value, 6) / 1.000000000000000000m, answer.GetSpan(MaxNumberBytes),
                out var written);
            answer.Advance(written);
        }
    }

    public void End()
    {
        answer.Write(_isOpen ? "}"u8 : "{}"u8);
    }

    private bool Begin(RowField field, ReadOnlySpan<byte> name)
    {
        if ((wanted & field) == 0)
        {
            return false;
        }

        answer.Write(_isOpen ? ","u8 : "{"u8);
        answer.Write(name);
        _isOpen = true;
        return true;
    }
}
