using System.Diagnostics;

namespace DtMcp.Darktrace.Reading.Json;

/// <summary>
/// Literals that text is compared with (<see cref="JsonScan.Matches"/>): each starts on a vector's boundary and is followed by zeros up to
/// the next but one.
/// </summary>
internal sealed class LiteralText
{
    /// <summary>Sixteen vectors; keys and skipped parts between two values are rarely a tenth of that.</summary>
    public const int Longest = 512;

    /// <summary>All literals together stay in the second-level cache.</summary>
    private const int MaxText = 256 * 1024;

    /// <summary>What <see cref="JsonScan.Matches"/> loads at once at most.</summary>
    private const int VectorBytes = 32;

    private byte[] _text = new byte[4096];
    private int _used;

    public ReadOnlySpan<byte> Text => _text;

    public bool HasRoom(int length) => length <= Longest && _used + length <= MaxText;

    /// <summary>Adds a literal; returns where it begins.</summary>
    public int Add(ReadOnlySpan<byte> literal)
    {
        var room = ((literal.Length + VectorBytes - 1) & -VectorBytes) + VectorBytes;
        if (_used + room > _text.Length)
        {
            Array.Resize(ref _text, Math.Max(_text.Length * 2, _used + room));
        }

        literal.CopyTo(_text.AsSpan(_used));
        _used += room;
        return _used - room;
    }

    /// <summary>Debug builds only: a literal is followed by as many bytes as a vector that begins in it may load.</summary>
    [Conditional("DEBUG")]
    public void AssertReadable(int offset, int length) =>
        Debug.Assert(offset + Math.Max(length - 1, 0) + VectorBytes <= _text.Length, "A literal without its zeros.");
}
