using System.Text.RegularExpressions;
using DtMcp.Tests.Tools;

namespace DtMcp.Tests.Serving.Attacks;

/// <summary>The page on security names the tests that try each attack.</summary>
public sealed partial class AttackListTests
{
    [Fact]
    public void Each_attack_of_the_page_is_tried_by_tests_that_there_are()
    {
        var page = Snapshot.FindUpward("SECURITY.md");
        Assert.SkipWhen(page is null, "The sources are not beside the tests.");
        var rows = File.ReadLines(page).SkipWhile(line => !line.StartsWith("| attack |", StringComparison.Ordinal)).Skip(2)
            .TakeWhile(line => line.StartsWith('|')).ToList();
        Assert.InRange(rows.Count, 15, int.MaxValue);
        var known = typeof(AttackListTests).Assembly.GetTypes().Select(type => type.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var row in rows)
        {
            string[] named = [.. Name().Matches(row.Split('|')[^2]).Select(name => name.Groups[1].Value)];
            Assert.NotEmpty(named);
            Assert.All(named, name => Assert.Contains(name, known));
        }
    }

    [GeneratedRegex("`([A-Za-z_0-9]+)`")]
    private static partial Regex Name();
}
