using DtMcp.Darktrace.Errors;
using DtMcp.Running;
using DtMcp.Tests.Tools;

namespace DtMcp.Tests;

/// <summary>What the pages say is what the program says.</summary>
public class PagesTests
{
    [Fact]
    public void Troubleshooting_has_every_error_and_setting_with_the_steps_of_check_fix_and_no_other_steps()
    {
        var sections = Sections(Page("docs/TROUBLESHOOTING.md"));
        string[] codes = [.. Enum.GetValues<ApplianceError>().Select(error => new ApplianceException(error, "", "").Code), "not_set_up"];

        Assert.Empty(codes.Except(Repairs.All.Keys));
        Assert.All(Repairs.All, repair =>
        {
            var steps = sections[repair.Key].Where(line => line.StartsWith("- ", StringComparison.Ordinal)).Select(line => line[2..]);
            Assert.Equal(repair.Value, steps);
        });
    }

    private static string[] Page(string place)
    {
        var solution = Snapshot.FindUpward("DtMcp.sln");
        Assert.SkipWhen(solution is null, "The sources are not beside the tests.");
        return File.ReadAllLines(Path.Combine(Path.GetDirectoryName(solution)!, place));
    }

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
}
