namespace DtMcp.Darktrace.Flows;

/// <summary>
/// What bounds the text of one reading. Names come from the network: without a bound thirty thousand long ones hold two hundred megabytes.
/// What is cut or left out is counted where it happens, and answers say so.
/// </summary>
public static class KeptNames
{
    /// <summary>Most characters of a name that things are told apart by; a DNS name has 253 at most (RFC 1035 2.3.4).</summary>
    public const int Longest = 255;

    /// <summary>Most bytes of names and details of the endpoints of one reading: 130 bytes for each of half a million.</summary>
    public const long MaxHostBytes = 64 << 20;

    /// <summary>Most bytes of the names of protocols, and as many of application protocols.</summary>
    public const long MaxProtocolBytes = 8 << 20;

    /// <summary>What stands for all names beyond the bound.</summary>
    public const string Other = "(other)";

    /// <summary>Bytes of a text as an object.</summary>
    public static long BytesOf(string? text) => text is null ? 0 : 24 + (2L * text.Length);

    /// <summary>The beginning of a long name, with an ellipsis.</summary>
    internal static string Cut(ReadOnlySpan<char> name)
    {
        var end = Longest - 1;
        end -= char.IsHighSurrogate(name[end - 1]) ? 1 : 0;
        return $"{name[..end]}…";
    }
}
