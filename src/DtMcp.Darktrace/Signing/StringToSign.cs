namespace DtMcp.Darktrace.Signing;

internal static class StringToSign
{
    /// <summary><c>&lt;request&gt;\n&lt;public token&gt;\n&lt;DTAPI-Date value&gt;</c>, no line end after the last.</summary>
    internal static string Build(string request, string publicToken, string date) => $"{request}\n{publicToken}\n{date}";
}
