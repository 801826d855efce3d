using System.Collections;
using DtMcp.Tools.Arguments;

namespace DtMcp.Configuration;

/// <summary>
/// The values of <see cref="OptionCatalog"/>: from the environment, where it does not say from <c>appsettings.json</c>. Unknown names stop
/// the start, so that a slip is not a silent default.
/// </summary>
internal sealed class Settings
{
    private readonly Dictionary<string, string> _values = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string> _observing = new(StringComparer.Ordinal);

    private Settings()
    {
    }

    /// <exception cref="SetupException">An unknown name, or one thing said twice.</exception>
    public static Settings Read(IEnumerable<KeyValuePair<string, string>> environment, FileSettings? file = null)
    {
        var settings = Review(environment, () => file);
        settings.Check();
        return settings;
    }

    /// <summary>The settings as far as they can be followed; what cannot be is in <see cref="Problems"/>, all of it.</summary>
    /// <param name="environment">Names and values.</param>
    /// <param name="readFile">Reads <c>appsettings.json</c>; null where there is none.</param>
    public static Settings Review(IEnumerable<KeyValuePair<string, string>> environment, Func<FileSettings?> readFile)
    {
        var settings = new Settings();
        List<string> problems = [];
        foreach (var (name, value) in environment)
        {
            if (name.StartsWith("OTEL_", StringComparison.Ordinal))
            {
                settings._observing[name] = value.Trim();
            }

            if (!name.StartsWith("DARKTRACE_", StringComparison.OrdinalIgnoreCase)
                && !name.StartsWith("DTMCP_", StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            if (!OptionCatalog.Names.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                problems.Add($"{name} is no setting. {NearestName.Hint(name, OptionCatalog.Names)}The names are " +
                    $"{string.Join(", ", OptionCatalog.Names)}.");
            }
            else if (!string.IsNullOrWhiteSpace(value) && !IsUnfilled(value))
            {
                settings._values[name] = value.Trim();
            }
        }

        problems.AddRange(OptionCatalog.SaidTwice(settings._values.ContainsKey).Select(option =>
            $"{option.Name} and {option.Name}{OptionCatalog.FileSuffix} are both set. Unset one of them."));
        FileSettings? file = null;
        try
        {
            file = readFile();
        }
        catch (SetupException refused)
        {
            problems.Add(refused.Message);
        }

        if (file is not null)
        {
            settings.Overlay(file.Values, wins: false);
            settings.Appliances = [.. file.Appliances.Select(appliance => (appliance.Key, settings.With(appliance.Value)))];
        }

        settings.Problems = problems;
        settings.Warnings = [.. settings.FilesOfSecrets(file).Distinct().Select(entry =>
            SecretFile.WarningOf(entry.Name, entry.Path)).OfType<string>()];
        return settings;
    }

    /// <summary>What cannot be followed at all: unknown names, one thing said twice, a file that cannot be read.</summary>
    public IReadOnlyList<string> Problems { get; private set; } = [];

    /// <exception cref="SetupException">There are <see cref="Problems"/>.</exception>
    public void Check()
    {
        if (Problems is [var first, ..])
        {
            throw new SetupException(first);
        }
    }

    /// <summary>Whether nothing at all is said of an appliance: a first start.</summary>
    public bool IsFirstStart => Problems.Count == 0 && Appliances.Count == 0
        && !_values.Keys.Any(name => name.StartsWith("DARKTRACE_", StringComparison.OrdinalIgnoreCase));

    /// <summary>What is wrong with the settings though they can be followed: secrets that other users may read or write.</summary>
    public IReadOnlyList<string> Warnings { get; private set; } = [];

    /// <summary>
    /// Appliances that the file names, each with its own settings over these; empty when there is the one of these settings.
    /// </summary>
    public IReadOnlyList<(string Name, Settings Settings)> Appliances { get; private set; } = [];

    /// <summary>OpenTelemetry's own variables, <c>OTEL_*</c>, as they were said.</summary>
    public IReadOnlyDictionary<string, string> Observing => _observing;

    /// <summary>The process's environment.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Environment()
    {
        foreach (DictionaryEntry entry in System.Environment.GetEnvironmentVariables())
        {
            yield return new((string)entry.Key, (string?)entry.Value ?? "");
        }
    }

    /// <summary>What was said of a name, as it was said; files are not opened.</summary>
    public string? Told(string name) => _values.GetValueOrDefault(name);

    public string? Text(OptionEntry option)
    {
        if (_values.TryGetValue(option.Name, out var value))
        {
            return value;
        }

        return option.HasFile && _values.TryGetValue(option.Name + OptionCatalog.FileSuffix, out var path)
            ? SecretFile.Read(option.Name + OptionCatalog.FileSuffix, path)
            : null;
    }

    public string Need(OptionEntry option) => Text(option) ?? throw new SetupException(
        $"{option.Name} is not set. Set it ({option.Meaning}){(option.HasFile ? $" or {option.Name}{OptionCatalog.FileSuffix}" : "")}, " +
        $"or try --demo, which needs nothing.");

    public long Whole(OptionEntry option, long least, long most, long otherwise) => Text(option) switch
    {
        null => otherwise,
        { } text when long.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture,
            out var number) && number >= least && number <= most => number,
        { } text => throw new SetupException(FormattableString.Invariant(
            $"{option.Name} is {Refusal.Shown(text)}. Set a whole number, {least} to {most}.")),
    };

    public string Choice(OptionEntry option, IReadOnlyList<string> words, string otherwise)
    {
        if (Text(option) is not { } text)
        {
            return otherwise;
        }

        return words.FirstOrDefault(word => word.Equals(text, StringComparison.OrdinalIgnoreCase))
            ?? throw new SetupException(
                $"{option.Name} is {Refusal.Shown(text)}. {NearestName.Hint(text, words)}Set {Refusal.Either(words)}.");
    }

    // Clients' configurations carry empty values for what is not set, or the name of a field that nobody filled: ${user_config.ca_file}.
    private static bool IsUnfilled(string value) =>
        value.StartsWith("${user_config.", StringComparison.Ordinal) || value.StartsWith("${input:", StringComparison.Ordinal);

    private IEnumerable<(string Name, string Path)> FilesOfSecrets(FileSettings? settingsFile)
    {
        foreach (var settings in Appliances.Select(appliance => appliance.Settings).Prepend(this))
        {
            foreach (var option in OptionCatalog.All)
            {
                if (option is { HasFile: true, IsOpen: false }
                    && settings._values.TryGetValue(option.Name + OptionCatalog.FileSuffix, out var path))
                {
                    yield return ($"The file of {option.Name}{OptionCatalog.FileSuffix}", path);
                }
                else if (option.IsSecretFile && settings._values.TryGetValue(option.Name, out var file))
                {
                    yield return ($"The file of {option.Name}", file);
                }
            }
        }

        if (settingsFile is { HoldsSecret: true })
        {
            yield return ("appsettings.json", settingsFile.Path);
        }
    }

    private Settings With(IReadOnlyDictionary<string, string> values)
    {
        var settings = new Settings();
        settings.Overlay(_values, wins: true);
        settings.Overlay(values, wins: true);
        return settings;
    }

    // NAME and NAME_FILE are one setting: the one that wins takes the other's place.
    private void Overlay(IReadOnlyDictionary<string, string> values, bool wins)
    {
        foreach (var (name, value) in values)
        {
            var other = name.EndsWith(OptionCatalog.FileSuffix, StringComparison.Ordinal)
                ? name[..^OptionCatalog.FileSuffix.Length]
                : name + OptionCatalog.FileSuffix;
            if (value.Length == 0 || (!wins && (_values.ContainsKey(name) || _values.ContainsKey(other))))
            {
                continue;
            }

            _values.Remove(other);
            _values[name] = value;
        }
    }
}
