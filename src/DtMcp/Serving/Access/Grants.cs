using DtMcp.Configuration;
using DtMcp.Running;
using DtMcp.Tools;

namespace DtMcp.Serving.Access;

/// <summary>
/// Who may use what, by lines: <c>alice tools=hunt_traffic,list_alerts appliances=london</c>. <c>@soc</c> is whoever the token says to be
/// in the group soc, <c>*</c> everybody who is known; a name with blanks stands in double quotes. Lines that fit add up; who has none may
/// use nothing.
/// </summary>
internal sealed class Grants
{
    private const string Everybody = "*";

    private const char Group = '@';

    private static readonly string Setting = OptionCatalog.GrantsFile.Name;

    private readonly Dictionary<string, List<Grant>> _lines = new(StringComparer.Ordinal);

    /// <param name="text">The file's.</param>
    /// <param name="appliances">Those that there are; null where that is not known.</param>
    /// <exception cref="SetupException">A line cannot be followed; the message names its number.</exception>
    public static Grants Parse(string text, IReadOnlyList<string>? appliances)
    {
        var grants = new Grants();
        foreach (var (index, line) in text.Split('\n').Index())
        {
            var (who, rest) = Who(line.Trim());
            if (who.Length == 0)
            {
                continue;
            }

            var words = rest.Split('#')[0].Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            var grant = Read(words, appliances, FormattableString.Invariant($"Line {index + 1} of the file of {Setting}"));
            if (!grants._lines.TryGetValue(who, out var own))
            {
                grants._lines[who] = own = [];
            }

            own.Add(grant);
        }

        return grants._lines.Count > 0
            ? grants
            : throw new SetupException($"The file of {Setting} has no line: nobody may use anything. Add one, such as \"* tools=*\".");
    }

    /// <summary>Reads <c>tools=a,b</c> and <c>appliances=c,d</c>; what is not said, or <c>*</c>, is all.</summary>
    /// <param name="words">The words of the line behind who it is about.</param>
    /// <param name="appliances">Those that there are; null where that is not known.</param>
    /// <param name="where">Which line it is.</param>
    /// <exception cref="SetupException">A word cannot be followed.</exception>
    public static Grant Read(IEnumerable<string> words, IReadOnlyList<string>? appliances, string where)
    {
        IReadOnlySet<string>? tools = null, on = null;
        HashSet<string> seen = [];
        foreach (var word in words)
        {
            var (name, value) = word.Split('=', 2) is [var left, var right] ? (left, right) : (word, "");
            switch (name)
            {
                case "tools" when seen.Add(name):
                    tools = Names(value, ToolCatalog.Names, $"{where} names a tool that there is not. `dtmcp tools` lists them.");
                    break;
                case "appliances" when seen.Add(name):
                    on = Names(value, appliances, $"{where} names an appliance that is not set up. `dtmcp check` lists them.");
                    break;
                default:
                    throw new SetupException($"{where} has a word that is neither tools=... nor appliances=..., or one of them twice.");
            }
        }

        return new Grant(tools, on);
    }

    /// <summary>What somebody may use, or null when nothing.</summary>
    public Reach? Of(string name, IEnumerable<string> groups)
    {
        // A name that is written like a group or like everybody is not one.
        var keys = groups.Select(group => Group + group).Append(Everybody);
        if (name[0] != Group && name != Everybody)
        {
            keys = keys.Append(name);
        }

        List<Grant> found = [.. keys.Distinct(StringComparer.Ordinal).SelectMany(key => _lines.GetValueOrDefault(key) ?? [])];
        return found.Count == 0 ? null : new Reach(found);
    }

    /// <summary>The lines, as they are told to whoever looks after them.</summary>
    public IEnumerable<(string Who, Reach Reach)> Lines => _lines.Select(line => (line.Key, new Reach(line.Value)));

    private static HashSet<string>? Names(string value, IReadOnlyList<string>? known, string complaint)
    {
        if (value == Everybody)
        {
            return null;
        }

        var names = value.Split(',', StringSplitOptions.RemoveEmptyEntries).ToHashSet(StringComparer.Ordinal);
        return names.Count == 0 || (known is not null && !names.All(known.Contains)) ? throw new SetupException(complaint) : names;
    }

    private static (string Name, string Words) Who(string line)
    {
        if (line.StartsWith('"') && line.IndexOf('"', 1) is > 1 and var end)
        {
            return (line[1..end], line[(end + 1)..]);
        }

        line = line.Split('#')[0].Trim();
        var blank = line.AsSpan().IndexOfAny(' ', '\t');
        return blank < 0 ? (line, "") : (line[..blank], line[blank..]);
    }
}
