using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using DtMcp.Configuration;
using DtMcp.Tests.Tools;

namespace DtMcp.Tests;

/// <summary>What a stranger reads first: that the pages agree with each other, with the code and with the version.</summary>
public partial class RepositoryTests
{
    private const int MaxReadmeLines = 120;
    private const int MaxColumns = 140;

    private static readonly string[] Skipped = ["artifacts", "node_modules", "bin", "obj"];

    private static string Root
    {
        get
        {
            var solution = Snapshot.FindUpward("DtMcp.sln");
            Assert.SkipWhen(solution is null, "The sources are not beside the tests.");
            return Path.GetDirectoryName(solution)!;
        }
    }

    [Fact]
    public void Every_link_of_every_page_leads_somewhere_in_the_repository()
    {
        var links = 0;
        List<string> dead = [];
        foreach (var page in Files(Root, "*.md"))
        {
            foreach (Match link in Link().Matches(Fence().Replace(File.ReadAllText(page), "")))
            {
                links++;
                var (place, heading) = Split(link.Groups["to"].Value);
                var target = place.Length == 0 ? page : Path.GetFullPath(Path.Combine(Path.GetDirectoryName(page)!, place));
                var isThere = File.Exists(target) || Directory.Exists(target);
                if (!isThere || (heading.Length > 0 && !Headings(target).Select(Anchor).Contains(heading)))
                {
                    dead.Add($"{Path.GetRelativePath(Root, page)}: {link.Groups["to"].Value}");
                }
            }
        }

        Assert.Empty(dead);
        Assert.InRange(links, 20, int.MaxValue);
    }

    [Fact]
    public void Every_decision_is_numbered_dated_and_in_the_index()
    {
        var folder = Path.Combine(Root, "docs", "decisions");
        var index = File.ReadAllLines(Path.Combine(folder, "README.md"));
        var decisions = Files(folder, "*.md").Where(file => Path.GetFileName(file) != "README.md").Order(StringComparer.Ordinal).ToList();
        Assert.NotEmpty(decisions);
        for (var i = 0; i < decisions.Count; i++)
        {
            var name = Path.GetFileName(decisions[i]);
            var text = File.ReadAllText(decisions[i]);
            var number = $"{i + 1:0000}";
            var date = DecisionDate().Match(text);
            Assert.StartsWith($"{number}-", name, StringComparison.Ordinal);
            Assert.StartsWith($"# {number}. ", text, StringComparison.Ordinal);
            Assert.True(date.Success, $"{name} has no date.");
            var title = text.Split('\n')[0][$"# {number}. ".Length..];
            Assert.Single(index, row => row.StartsWith($"| [{number}]({name}) | {date.Value} | {title} |", StringComparison.Ordinal));
        }

        Assert.Equal(decisions.Count, index.Count(row => row.StartsWith("| [", StringComparison.Ordinal)));
    }

    [Fact]
    public void The_changelog_has_what_is_unreleased_and_the_version_of_the_build()
    {
        var text = File.ReadAllText(Path.Combine(Root, "CHANGELOG.md"));
        var version = XDocument.Load(Path.Combine(Root, "Directory.Build.props")).Descendants("Version").Single().Value;
        var versions = ChangelogEntry().Matches(text).Select(match => match.Groups["version"].Value).ToList();

        Assert.Equal("Unreleased", versions[0]);
        Assert.Equal(version, versions[1]);
        Assert.Equal(versions.Count, versions.Distinct().Count());
        Assert.Equal(version, typeof(DtMcp.Tools.ToolCatalog).Assembly.GetName().Version!.ToString(3));
    }

    [Theory]
    [InlineData("src/DtMcp/.mcp/server.json")]
    [InlineData("deploy/mcpb/manifest.json")]
    public void A_package_says_the_version_of_the_build_and_the_settings_that_there_are(string place)
    {
        var version = XDocument.Load(Path.Combine(Root, "Directory.Build.props")).Descendants("Version").Single().Value;
        var text = File.ReadAllText(Path.Combine(Root, place));
        var told = JsonElement.Parse(text);
        var packages = told.TryGetProperty("packages", out var list) ? list.EnumerateArray().ToArray() : [];

        Assert.All(packages.Prepend(told), part => Assert.Equal(version, part.GetProperty("version").GetString()));
        Assert.InRange(told.GetProperty("description").GetString()!.Length, 20, 100);
        Assert.All(Setting().Matches(text), setting => Assert.Contains(setting.Value, OptionCatalog.Names));
        Assert.Contains($"`mcp-name: {JsonElement.Parse(File.ReadAllText(Path.Combine(Root, "src/DtMcp/.mcp/server.json")))
            .GetProperty("name").GetString()}`", File.ReadAllText(Path.Combine(Root, "README.md")), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_project_has_its_lock_with_the_versions_that_are_asked_for()
    {
        var asked = XDocument.Load(Path.Combine(Root, "Directory.Packages.props")).Descendants("PackageVersion")
            .ToDictionary(package => package.Attribute("Include")!.Value, package => $"[{package.Attribute("Version")!.Value}, )");
        var compiledIn = XDocument.Load(Path.Combine(Root, "Directory.Build.targets")).Descendants("CompiledInVersion").Single().Value;
        asked.Add("Microsoft.DotNet.ILCompiler", $"[{compiledIn}, )");
        asked.Add("Microsoft.NET.ILLink.Tasks", $"[{compiledIn}, )");
        var locked = 0;
        foreach (var project in Files(Root, "*.csproj"))
        {
            var file = Path.Combine(Path.GetDirectoryName(project)!, "packages.lock.json");
            Assert.True(File.Exists(file), $"{file} is missing: dotnet restore writes it");
            foreach (var target in JsonElement.Parse(File.ReadAllText(file)).GetProperty("dependencies").EnumerateObject())
            {
                foreach (var package in target.Value.EnumerateObject().Where(package => package.Value.TryGetProperty("requested", out _)))
                {
                    locked++;
                    var what = $"{Path.GetRelativePath(Root, file)}: {package.Name} ";
                    Assert.Equal(what + asked.GetValueOrDefault(package.Name), what + package.Value.GetProperty("requested").GetString());
                }
            }
        }

        Assert.InRange(locked, 50, int.MaxValue);
    }

    [Fact]
    public void A_comment_points_to_a_heading_that_is_there()
    {
        var pointers = 0;
        foreach (var file in Sources())
        {
            foreach (Match pointer in Pointer().Matches(File.ReadAllText(file)))
            {
                pointers++;
                var headings = Headings(Path.Combine(Root, pointer.Groups["page"].Value));
                Assert.Contains(pointer.Groups["heading"].Value, headings);
            }
        }

        Assert.InRange(pointers, 5, int.MaxValue);
    }

    [Fact]
    public void A_comment_cites_nothing_that_a_stranger_cannot_open()
    {
        List<string> citing = [];
        foreach (var file in Sources())
        {
            var place = Path.GetRelativePath(Root, file);
            citing.AddRange(File.ReadAllLines(file).Where(line => Elsewhere().IsMatch(line)).Select(line => $"{place}: {line.Trim()}"));
        }

        Assert.Empty(citing);
    }

    [Fact]
    public void No_line_is_longer_than_a_screen_is_wide()
    {
        List<string> wide = [];
        foreach (var file in Sources())
        {
            var lines = File.ReadAllLines(file);
            var place = Path.GetRelativePath(Root, file);
            wide.AddRange(Enumerable.Range(0, lines.Length).Where(i => lines[i].Length > MaxColumns).Select(i => $"{place}:{i + 1}"));
        }

        Assert.Empty(wide);
    }

    [Fact]
    public void The_readme_is_short_and_names_every_page()
    {
        var readme = File.ReadAllText(Path.Combine(Root, "README.md"));
        Assert.InRange(readme.Split('\n').Length, 50, MaxReadmeLines);
        var pages = Directory.GetFiles(Path.Combine(Root, "docs"), "*.md").Select(page => $"docs/{Path.GetFileName(page)}");
        Assert.All([.. pages, "docs/decisions/README.md", "CHANGELOG.md", "SECURITY.md", "AGENTS.md", ".github/CONTRIBUTING.md"], page =>
            Assert.Contains($"({page})", readme, StringComparison.Ordinal));
    }

    [Fact]
    public void The_workflow_runs_what_anybody_runs()
    {
        var workflow = File.ReadAllText(Path.Combine(Root, ".github", "workflows", "ci.yml"));
        Assert.Contains("run: bash .ci/run\n", workflow, StringComparison.Ordinal);
        Assert.Contains("\n  push:\n", workflow, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(Root, ".ci", "run")));
    }

    private static IEnumerable<string> Sources() =>
        Files(Path.Combine(Root, "src"), "*.cs").Concat(Files(Path.Combine(Root, "tests"), "*.cs"));

    private static IEnumerable<string> Files(string folder, string pattern)
    {
        foreach (var file in Directory.EnumerateFiles(folder, pattern))
        {
            yield return file;
        }

        foreach (var inner in Directory.EnumerateDirectories(folder))
        {
            if (Skipped.Contains(Path.GetFileName(inner)) || Path.GetFileName(inner) is ".git")
            {
                continue;
            }

            foreach (var file in Files(inner, pattern))
            {
                yield return file;
            }
        }
    }

    private static (string Place, string Heading) Split(string link) =>
        link.IndexOf('#', StringComparison.Ordinal) is >= 0 and var at ? (link[..at], link[(at + 1)..]) : (link, "");

    private static List<string> Headings(string page) =>
        [.. Heading().Matches(Fence().Replace(File.ReadAllText(page), "")).Select(match => match.Groups["text"].Value.Trim())];

    /// <summary>As GitHub makes them: lower case, blanks as hyphens, nothing else but letters, digits, hyphens and underscores.</summary>
    private static string Anchor(string heading) =>
        string.Concat(heading.ToLowerInvariant().Where(c => char.IsLetterOrDigit(c) || c is ' ' or '-' or '_')).Replace(' ', '-');

    [GeneratedRegex(@"\]\((?<to>(?!https?:|mailto:|cursor:)[^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex("^```.*?^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex("(DARKTRACE|DTMCP)_[A-Z0-9_]+")]
    private static partial Regex Setting();

    [GeneratedRegex("^#{1,6} (?<text>.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"(?<=^|\n)\d{4}-\d{2}-\d{2}(?=, (accepted|superseded by \[\d{4}\]\(.+\))\.\n)")]
    private static partial Regex DecisionDate();

    [GeneratedRegex(@"^## \[(?<version>[^\]]+)\](?: - \d{4}-\d{2}-\d{2})?$", RegexOptions.Multiline)]
    private static partial Regex ChangelogEntry();

    [GeneratedRegex(@"(?<page>docs/[A-Z-]+\.md), (?<heading>[^.;)<\n]+)")]
    private static partial Regex Pointer();

    [GeneratedRegex(@"(CONTRACT|DESIGN|STYL[E])( [0-9]|\.md)|(SDK|PERFORMANCE)\.md|the[ ]seed['s ]")]
    private static partial Regex Elsewhere();
}
