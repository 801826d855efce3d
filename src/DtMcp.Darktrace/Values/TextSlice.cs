namespace DtMcp.Darktrace.Values;

/// <summary>Where a text stands in the window, without its quotes.</summary>
internal readonly record struct TextSlice(int Start, int Length, bool Escaped)
{
    public ReadOnlySpan<byte> In(ReadOnlySpan<byte> window) => window.Slice(Start, Length);

    public string ToText(ReadOnlySpan<byte> window) => JsonScalar.Text(In(window), Escaped);
}
