using System.Text;
using DtMcp.Darktrace.Requests;

namespace DtMcp.Darktrace.Signing;

/// <summary>
/// The &lt;request&gt; of the signature: the path, then "?" and k=v joined by "&amp;" in the order sent, or "?" and the exact JSON of a
/// body. The query is signed decoded and sent percent-encoded; a path segment is signed as it is sent.
/// </summary>
internal static class Request
{
    /// <summary>What is signed.</summary>
    internal static string Build(ApplianceRequest request, bool encoded) =>
        request.Json is { } json ? $"{request.Path}?{json}" : encoded ? Target(request) : Join(request, static text => text);

    /// <summary>What is sent as the request target: %20 for a blank, never "+".</summary>
    internal static string Target(ApplianceRequest request) => Join(request, Uri.EscapeDataString);

    private static string Join(ApplianceRequest request, Func<string, string> written)
    {
        if (request.Parameters.Count == 0)
        {
            return request.Path;
        }

        var text = new StringBuilder(request.Path);
        var separator = '?';
        foreach (var (key, value) in request.Parameters)
        {
            text.Append(separator).Append(written(key)).Append('=').Append(written(value));
            separator = '&';
        }

        return text.ToString();
    }
}
