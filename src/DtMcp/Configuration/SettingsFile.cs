using System.Text.Json;
using DtMcp.Tools.Arguments;

namespace DtMcp.Configuration;

/// <summary>
/// <c>appsettings.json</c> beside the program, never that of the working directory: a client may start the program in a folder that
/// somebody else wrote.
/// <code>{"Darktrace":{"Host":"https://instance","PublicTokenFile":"/run/secrets/public"},"DtMcp":{"CacheMb":512}}</code>
/// Several appliances stand in a section of their own, each with what it has for itself:
/// <code>{"Darktrace":{"Appliances":{"london":{"Host":"https://one","PublicTokenFile":"..."},"paris":{"Host":"https://two"}}}}</code>
/// </summary>
internal static class SettingsFile
{
    private static readonly string[] Sections = ["Darktrace", "DtMcp"];

    private const string Appliances = "Darktrace:Appliances";

    private static readonly Dictionary<string, string> Keys = OptionCatalog.Names.ToDictionary(OptionEntry.KeyOf, name => name,
        StringComparer.OrdinalIgnoreCase);

    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    public static string Place => Path.Combine(AppContext.BaseDirectory, "appsettings.json");

    /// <summary>What the file says; null when there is none.</summary>
    public static FileSettings? Read(string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path), Lenient);
            return Read(document.RootElement, path);
        }
        catch (Exception exception) when (exception is JsonException or IOException or UnauthorizedAccessException
            or InvalidOperationException)
        {
            throw new SetupException(
                $"appsettings.json beside the program cannot be read ({exception.GetType().Name}). Mend or remove it.");
        }
    }

    private static FileSettings Read(JsonElement root, string path)
    {
        var values = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var appliances = new Dictionary<string, IReadOnlyDictionary<string, string>>(StringComparer.OrdinalIgnoreCase);
        foreach (var section in root.EnumerateObject())
        {
            // Other programs' sections are not ours to judge.
            if (!Sections.Contains(section.Name, StringComparer.OrdinalIgnoreCase))
            {
                continue;
            }

            if (section.Value.ValueKind is not JsonValueKind.Object)
            {
                throw new SetupException($"{section.Name} in appsettings.json is no section. Give it names and values between braces.");
            }

            foreach (var entry in section.Value.EnumerateObject())
            {
                if (!$"{section.Name}:{entry.Name}".Equals(Appliances, StringComparison.OrdinalIgnoreCase))
                {
                    Add(values, section.Name, entry);
                    continue;
                }

                foreach (var appliance in entry.Value.EnumerateObject())
                {
                    if (!appliances.TryAdd(Named(appliance.Name), Of(appliance.Value)))
                    {
                        throw SaidTwice($"{Appliances}:{appliance.Name}");
                    }
                }
            }
        }

        return new FileSettings(Whole(values), appliances) { Path = path };
    }

    private static Dictionary<string, string> Of(JsonElement appliance)
    {
        var values = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var entry in appliance.EnumerateObject())
        {
            Add(values, Sections[0], entry);
        }

        return Whole(values);
    }

    private static void Add(Dictionary<string, string> values, string section, JsonProperty entry)
    {
        var key = $"{section}:{entry.Name}";
        var name = Keys.GetValueOrDefault(key)
            ?? throw new SetupException($"{key} in appsettings.json is no setting. {NearestName.Hint(key, [.. Keys.Keys, Appliances])}");
        var value = entry.Value.ValueKind switch
        {
            JsonValueKind.String or JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => entry.Value.ToString().Trim(),
            JsonValueKind.Null => "",
            _ => throw new SetupException($"{key} in appsettings.json is a list or an object. Give one text, number, true or false."),
        };
        if (!values.TryAdd(name, value))
        {
            throw SaidTwice(key);
        }
    }

    private static Dictionary<string, string> Whole(Dictionary<string, string> values) =>
        OptionCatalog.SaidTwice(name => values.GetValueOrDefault(name) is { Length: > 0 }).FirstOrDefault() is { } option
            ? throw new SetupException($"{option.Key} and {option.Key}File are both in appsettings.json. Leave one of them.")
            : values;

    private static SetupException SaidTwice(string key) => new($"{key} is in appsettings.json twice. Leave one of them.");

    // The name goes into schemas and answers.
    private static string Named(string name) =>
        name.Length is > 0 and <= 64 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.')
        && !name.Equals("all", StringComparison.OrdinalIgnoreCase)
        ? name
        : throw new SetupException(
            $"{Appliances} in appsettings.json has the name {Refusal.Shown(name)}. Name it with letters, digits, - _ and . only; " +
            "all means all of them.");
}
