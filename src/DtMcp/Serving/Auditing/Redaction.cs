using System.Text.RegularExpressions;

namespace DtMcp.Serving.Auditing;

/// <summary>
/// Takes secrets out of text that is kept: those of the settings, and whatever looks like a token. People paste the wrong thing, and a log
/// is read by more of them than an answer.
/// </summary>
/// <param name="secrets">What must not be kept, whatever it looks like.</param>
internal sealed partial class Redaction(IReadOnlyList<string> secrets)
{
    private const string Instead = "[redacted]";

    public string Of(string text)
    {
        foreach (var secret in secrets)
        {
            text = text.Replace(secret, Instead, StringComparison.OrdinalIgnoreCase);
        }

        return Token().Replace(text, Instead);
    }

    // A JWT, what follows Bearer, a key in PEM, or 32 and more hexadecimal digits: an appliance's token has 40, one of serve's 64.
    [GeneratedRegex(
        @"eyJ[\w-]+\.[\w-]*(\.[\w-]*)*|(?<=\bBearer )\S+|-----BEGIN [^-]*-----[^-]*(-----END [^-]*-----)?|(dtmcp_)?[0-9a-f]{32,}",
        RegexOptions.IgnoreCase)]
    private static partial Regex Token();
}
