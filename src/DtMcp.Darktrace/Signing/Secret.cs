using System.Diagnostics;
using System.Text;

namespace DtMcp.Darktrace.Signing;

/// <summary>A private token. It shows as <c>***</c> wherever it is printed, logged or inspected; only the signature reads it.</summary>
[DebuggerDisplay("***")]
public sealed class Secret(string value)
{
    private readonly byte[] _key = Encoding.UTF8.GetBytes(value);

    /// <summary>Whether there is nothing in it.</summary>
    public bool IsEmpty => _key.Length == 0;

    /// <summary>
    /// Whether it can be a key: printable ASCII without a blank, so that a stray line end or quote is found before the appliance refuses
    /// it.
    /// </summary>
    public bool IsWellFormed => !IsEmpty && !_key.AsSpan().ContainsAnyExceptInRange((byte)'!', (byte)'~');

    /// <summary>The key of the HMAC: the token's bytes.</summary>
    internal ReadOnlySpan<byte> Key => _key;

    /// <summary>Always <c>***</c>.</summary>
    public override string ToString() => "***";
}
