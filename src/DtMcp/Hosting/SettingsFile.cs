using System.Text.Json;
using DtMcp.Tools;

namespace DtMcp.Hosting;

/// <summary>
/// <c>appsettings.json</c> beside the program, never that of the working directory: a client may start the program in a folder that somebody else wrote.
/// <code>{"Darktrace":{"Host":"https://instance","PublicTokenFile":"/run/secrets/public"},"DtMcp":{"CacheMb":512}}</code>
/// </summary>
internal static class SettingsFile
{
    private static readonly string[] Sections = ["Darktrace", "DtMcp"];

    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    public static string Place => Path.Combine(AppContext.BaseDirectory, "appsettings.json");

    /// <summary>Values by the name of their environment variable; null when there is no file.</summary>
    public static IReadOnlyDictionary<string, string>? Read(string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path), Lenient);
            return Values(document.RootElement);
        }
        catch (Exception exception) when (exception is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new SetupException($"appsettings.json beside the program cannot be read ({exception.GetType().Name}). Mend or remove it.");
        }
    }

    private static Dictionary<string, string> Values(JsonElement root)
    {
        var names = OptionCatalog.Names.ToDictionary(OptionEntry.KeyOf, name => name, StringComparer.OrdinalIgnoreCase);
        var values = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var section in root.EnumerateObject())
        {
            // Other programs' sections are not ours to judge.
            if (!Sections.Contains(section.Name, StringComparer.OrdinalIgnoreCase) || section.Value.ValueKind is not JsonValueKind.Object)
            {
                continue;
            }

            foreach (var entry in section.Value.EnumerateObject())
            {
                var key = $"{section.Name}:{entry.Name}";
                values[names.GetValueOrDefault(key) ?? throw new SetupException($"{key} in appsettings.json is no setting. {NearestName.Hint(key, names.Keys)}")] = entry.Value.ToString();
            }
        }

        return values;
    }
}
