using System.CommandLine;
using System.Text.RegularExpressions;
using DtMcp.Commands;
using DtMcp.Configuration;
using DtMcp.Darktrace.Errors;
using DtMcp.Running;
using DtMcp.Tests.Tools;
using DtMcp.Tools;

namespace DtMcp.Tests;

/// <summary>What the pages say is what the program says.</summary>
public partial class PagesTests
{
    private static string Root
    {
        get
        {
            var solution = Snapshot.FindUpward("DtMcp.sln");
            Assert.SkipWhen(solution is null, "The sources are not beside the tests.");
            return Path.GetDirectoryName(solution)!;
        }
    }

    private static RootCommand Commands => CommandLine.Build(new ProcessContext
    {
        Input = () => Stream.Null,
        Output = () => Stream.Null,
        Out = TextWriter.Null,
        Error = TextWriter.Null,
        Settings = Settings.Read([]),
        Clock = TimeProvider.System,
    });

    [Fact]
    public void Troubleshooting_has_every_error_and_setting_with_the_steps_of_check_fix_and_no_other_steps()
    {
        var sections = Sections(File.ReadAllLines(Path.Combine(Root, "docs/TROUBLESHOOTING.md")));
        string[] codes = [.. Enum.GetValues<ApplianceError>().Select(error => new ApplianceException(error, "", "").Code), "not_set_up"];

        Assert.Empty(codes.Except(Repairs.All.Keys));
        Assert.All(Repairs.All, repair =>
        {
            var steps = sections[repair.Key].Where(line => line.StartsWith("- ", StringComparison.Ordinal)).Select(line => line[2..]);
            Assert.Equal(repair.Value, steps);
        });
    }

    [Fact]
    public void Configuration_has_every_setting_and_no_other()
    {
        var rows = Row().Matches(File.ReadAllText(Path.Combine(Root, "docs/CONFIGURATION.md"))).Select(row => row.Groups["first"].Value)
            // OpenTelemetry's are not ours: its library knows more of them.
            .Where(name => !name.StartsWith("OTEL_", StringComparison.Ordinal));
        Assert.Equal(OptionCatalog.All.Select(option => option.Name).Order(), rows.Order());
    }

    [Fact]
    public void Commands_has_every_command()
    {
        var page = File.ReadAllText(Path.Combine(Root, "docs/COMMANDS.md"));
        Assert.All(Commands.Subcommands, command => Assert.Contains($"| `dtmcp {command.Name}", page, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_command_line_of_every_page_is_one_that_the_program_takes()
    {
        var root = Commands;
        var seen = 0;
        List<string> wrong = [];
        foreach (var page in Directory.EnumerateFiles(Path.Combine(Root, "docs"), "*.md", SearchOption.AllDirectories)
            .Append(Path.Combine(Root, "README.md")))
        {
            foreach (var line in Lines(File.ReadAllText(page)))
            {
                seen++;
                var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                // A command alone is its name.
                var isName = words is [var name] && root.Subcommands.Any(command => command.Name == name);
                if (!isName && !(root.Parse(words).Errors.Count == 0 && TakesItsArguments(words)))
                {
                    wrong.Add($"{Path.GetFileName(page)}: dtmcp {line}");
                }
            }
        }

        Assert.Empty(wrong);
        Assert.InRange(seen, 30, int.MaxValue);
    }

    private static bool TakesItsArguments(string[] words) => words is not ["call", var name, ..]
        || (ToolCatalog.Find(name) is { } tool && words.Skip(2).Where(word => Pair().IsMatch(word)).All(word =>
            tool.Parameters.Any(known => word.StartsWith(known.Name + "=", StringComparison.Ordinal))));

    /// <summary>What stands behind <c>dtmcp</c> in code, up to what belongs to the shell; lines with a placeholder are left out.</summary>
    private static IEnumerable<string> Lines(string page) =>
        Code().Matches(page).Select(code => code.Groups["line"].Value.Split(" #")[0].Split(" >")[0].Split(" &&")[0].Trim())
            .Where(line => line.Length > 0 && !Placeholder().IsMatch(line));

    /// <summary>Lines by the heading above them.</summary>
    private static Dictionary<string, List<string>> Sections(string[] lines)
    {
        Dictionary<string, List<string>> sections = [];
        List<string> section = [];
        foreach (var line in lines)
        {
            if (line.StartsWith('#'))
            {
                sections.Add(line.TrimStart('#').Trim(), section = []);
            }
            else
            {
                section.Add(line);
            }
        }

        return sections;
    }

    [GeneratedRegex(@"^\| `(?<first>[^`|]+)` \| [^|\s]", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"(?:`|^)(?:dtmcp|dotnet run --project src/DtMcp --) (?<line>[a-z-][^`\n]*)", RegexOptions.Multiline)]
    private static partial Regex Code();

    [GeneratedRegex(@"\b[A-Z]{3,}\b|[\[\]|]|\.\.\.")]
    private static partial Regex Placeholder();

    [GeneratedRegex("^[a-z_]+=")]
    private static partial Regex Pair();
}
