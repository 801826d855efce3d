using System.Text.Json;
using DtMcp.Configuration;
using DtMcp.Tools.Arguments;

namespace DtMcp.Running;

/// <summary><c>name=value</c> of a command line, as a client would send it.</summary>
internal static class NamedValues
{
    public static Dictionary<string, JsonElement> Read(IEnumerable<string> pairs)
    {
        var arguments = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var pair in pairs)
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (equals < 1)
            {
                throw new SetupException($"{Refusal.Shown(pair)} is no argument. Give name=value, such as last=24h.");
            }

            if (!arguments.TryAdd(pair[..equals], Text(pair[(equals + 1)..])))
            {
                throw new SetupException($"{pair[..equals]} is given twice. Give it once.");
            }
        }

        return arguments;
    }

    private static JsonElement Text(string value) => JsonElement.Parse($"\"{JsonEncodedText.Encode(value)}\"");
}
