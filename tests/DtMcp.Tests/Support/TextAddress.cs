using DtMcp.Darktrace.Values;

namespace DtMcp.Tests.Support;

/// <summary>The address that a test writes as text.</summary>
internal static class TextAddress
{
    public static NetAddress Of(string text) =>
        NetAddress.TryParse(text, out var address) ? address : throw new FormatException($"{text} is no address.");
}
