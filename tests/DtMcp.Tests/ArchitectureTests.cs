using ArchUnitNET.Domain;
using ArchUnitNET.Loader;
using DtMcp.Tests.Tools;
using Assembly = System.Reflection.Assembly;

namespace DtMcp.Tests;

/// <summary>Borders between projects and folders point one way (docs/ARCHITECTURE.md, Order).</summary>
public class ArchitectureTests
{
    /// <summary>A folder of one cast, that a reader can take in.</summary>
    private const int MaxFiles = 20;

    private static readonly Assembly Client = typeof(DtMcp.Darktrace.DarktraceClient).Assembly;
    private static readonly Assembly Traffic = typeof(DtMcp.Traffic.Investigator).Assembly;
    private static readonly Assembly History = typeof(DtMcp.History.HistoryStore).Assembly;
    private static readonly Assembly Replicas = typeof(DtMcp.Replicas.ReplicaSharing).Assembly;
    private static readonly Assembly Program = typeof(DtMcp.Tools.ToolCatalog).Assembly;
    private static readonly Assembly Simulator = typeof(DtMcp.Simulator.ApplianceSimulator).Assembly;

    private static readonly Architecture Code =
        new ArchLoader().LoadAssemblies(Client, Traffic, History, Replicas, Program, Simulator).Build();

    /// <summary>The projects that a project may use.</summary>
    private static readonly Dictionary<string, string[]> Projects = new()
    {
        ["DtMcp.Darktrace"] = [],
        ["DtMcp.Traffic"] = ["DtMcp.Darktrace"],
        ["DtMcp.History"] = ["DtMcp.Darktrace", "DtMcp.Traffic"],
        ["DtMcp.Replicas"] = ["DtMcp.Darktrace", "DtMcp.Traffic"],
        ["DtMcp.Simulator"] = [],
        ["DtMcp"] = ["DtMcp.Darktrace", "DtMcp.Traffic", "DtMcp.History", "DtMcp.Replicas", "DtMcp.Simulator"],
    };

    /// <summary>The folders of a project, each using only those before it; the project's own folder is last.</summary>
    private static readonly Dictionary<string, string[]> Folders = new()
    {
        ["DtMcp.Darktrace"] =
        [
            "Values", "Errors", "Flows", "Requests", "Requests.Searches", "Signing", "Sending",
            "Reading.Json", "Reading.Rows", "Reading.Companions", "Reading.Network", "Reading.Records", "Reading.Counts",
            "Reading.NameRecords", "Packing", "",
        ],
        ["DtMcp.Traffic"] =
        [
            "Observing", "Answers", "Questions.Conditions", "Questions.Names", "Questions", "Counting", "Queries",
            "Queries.Channels", "Evidence.Sharing", "Evidence.Collected", "Evidence",
            "Evidence.Packing", "Evidence.Counts", "Evidence.NameEntries",
            "Queries.Rows.Selecting", "Queries.Rows", "Queries.Collected", "Queries.Tables", "Queries.Counts",
            "Investigations.Timelines", "Investigations.Leads", "Investigations", "Investigations.NameLookups", "Investigations.Comparing",
            "Investigations.Hunting.Signs", "Investigations.Hunting.Rules", "Investigations.Hunting",
            "Investigations.Lookups", "Joining", "Rendering", "",
        ],
        ["DtMcp.History"] = ["Wire", "Schema", "Collecting", "Reading", "Counting", ""],
        ["DtMcp.Replicas"] = ["Wire", "Sealing", "Leasing", "Captures", ""],
        ["DtMcp.Simulator"] =
        [
            "Setup", "Records.Addresses", "Records.NameLogs", "Records", "Records.ConnLogs", "Records.Exports", "Scenarios",
            "Signing", "Faults",
            "Endpoints", "Endpoints.Network", "Endpoints.Companions", "Endpoints.AiAnalyst", "Endpoints.AdvancedSearch",
            "Hosting", "",
        ],
        ["DtMcp"] =
        [
            "Tools.Arguments", "Tools", "Prompts", "Configuration", "ClientEntries", "Drawing", "Running",
            "Serving.Access", "Serving.Limits", "Serving.Auditing", "Serving", "Serving.Telemetry", "Exporting.Tables",
            "Exporting.Parquet", "Exporting", "Commands.Collecting", "Commands.Checking", "Commands", "",
        ],
    };

    [Fact]
    public void A_project_uses_only_the_projects_below_it()
    {
        var crossings = Crossings().Where(use => use.From.Project != use.To.Project).ToList();
        Assert.NotEmpty(crossings);
        var wrong = crossings.Where(use => !Projects[use.From.Project].Contains(use.To.Project));
        Assert.Empty(wrong.Select(use => use.Text).Distinct().Order());
        foreach (var assembly in new[] { Client, Traffic, History, Replicas, Simulator })
        {
            var named = assembly.GetReferencedAssemblies().Select(other => other.Name!).Where(Projects.ContainsKey);
            Assert.Empty(named.Except(Projects[assembly.GetName().Name!]));
        }
    }

    [Fact]
    public void A_folder_uses_only_the_folders_before_it()
    {
        var crossings = Crossings().Where(use => use.From.Project == use.To.Project).ToList();
        Assert.InRange(crossings.Select(use => (use.From, use.To)).Distinct().Count(), 50, int.MaxValue);
        Assert.Empty(crossings.Where(use => Rank(use.From) < Rank(use.To)).Select(use => use.Text).Distinct().Order());
    }

    [Fact]
    public void Every_folder_has_a_place_in_the_order()
    {
        var found = Code.Types.Select(PlaceOf).OfType<Place>().Distinct().ToList();
        Assert.DoesNotContain(found, place => Rank(place) < 0);
        Assert.Empty(Folders.SelectMany(project => project.Value.Select(folder => new Place(project.Key, folder)))
            .Where(place => place.Folder.Length > 0).Except(found));
    }

    [Fact]
    public void A_folder_holds_no_more_than_a_reader_can_take_in()
    {
        var solution = Snapshot.FindUpward("DtMcp.sln");
        Assert.SkipWhen(solution is null, "The sources are not beside the tests.");
        var source = Path.Combine(Path.GetDirectoryName(solution)!, "src");
        var folders = Directory.EnumerateFiles(source, "*.cs", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(source, Path.GetDirectoryName(file)!).Replace('\\', '/'))
            .Where(folder => !folder.Split('/').Any(part => part is "bin" or "obj"))
            .CountBy(folder => folder).ToDictionary();
        Assert.InRange(folders.Count, 30, int.MaxValue);
        Assert.DoesNotContain(folders, folder => folder.Value > MaxFiles);
    }

    private static int Rank(Place place) => Array.IndexOf(Folders[place.Project], place.Folder);

    private static IEnumerable<Use> Crossings()
    {
        foreach (var type in Code.Types)
        {
            if (PlaceOf(type) is not { } from)
            {
                continue;
            }

            foreach (var dependency in type.Dependencies)
            {
                if (PlaceOf(dependency.Target) is { } to && to != from)
                {
                    yield return new Use(from, to, $"{Outer(type)} uses {Outer(dependency.Target)}");
                }
            }
        }
    }

    /// <summary>Where a type of ours lives; null for those of others and for what the compiler adds.</summary>
    private static Place? PlaceOf(IType type)
    {
        var name = Outer(type);
        var space = name.LastIndexOf('.') is > 0 and var dot ? name[..dot] : "";
        var project = Folders.Keys
            .Where(key => space == key || space.StartsWith(key + ".", StringComparison.Ordinal))
            .MaxBy(key => key.Length);
        return project is null ? null : new Place(project, space.Length == project.Length ? "" : space[(project.Length + 1)..]);
    }

    private static string Outer(IType type) => type.FullName.Split('+', '/')[0];

    private sealed record Place(string Project, string Folder);

    private sealed record Use(Place From, Place To, string Text);
}
