using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Values;
using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Questions.Conditions;

namespace DtMcp.Tests.Investigations.Hunting;

public class KnownGoodTests
{
    [Theory]
    [InlineData("203.0.113.0/24 # provider")]
    [InlineData("203.0.113.9 port:443 # provider")]
    [InlineData("10.0.0.1 # the backup server")]
    [InlineData("AS64511 # provider")]
    [InlineData(".backup.example # provider")]
    [InlineData("*.backup.example, port:443 # provider")]
    [InlineData("# a comment\nport:443 # the web")]
    [InlineData("198.51.100.1 # another; 203.0.113.9 # provider")]
    public void What_is_known_is_low_and_told_with_its_reason(string list)
    {
        var findings = Hunt(list);

        var found = Assert.Single(findings.Found(), one => one.Kind == "upload");
        Assert.Equal("low", found.Confidence);
        Assert.Contains("known good: ", found.Figures, StringComparison.Ordinal);
        Assert.Contains(findings.Notes, note => note.StartsWith("1 findings are low because DTMCP_KNOWN_GOOD", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("")]
    [InlineData("203.0.113.9 port:80 # another port")]
    [InlineData("198.51.100.0/24 # elsewhere")]
    [InlineData("AS645110 # another")]
    [InlineData("ackup.example # no whole word of the name")]
    public void What_is_not_stays_as_it_was(string list)
    {
        var findings = Hunt(list);
        Assert.Equal("high", Assert.Single(findings.Found(), one => one.Kind == "upload").Confidence);
        Assert.DoesNotContain(findings.Notes, note => note.Contains("DTMCP_KNOWN_GOOD", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("203.0.113.0/24")]
    [InlineData("203.0.113.0/24 #")]
    [InlineData("# fine\nport:99999 # too large")]
    [InlineData("nothing # no dot")]
    [InlineData("203.0.113.0/24 198.51.100.0/24 # two ranges are two entries")]
    public void An_entry_that_cannot_be_read_is_refused(string list) => Assert.Null(KnownGood.FromText(list, out _));

    private static Findings Hunt(string list)
    {
        var rows = new RowMaker();
        rows.Add(Hunts.Day, "10.0.0.1", "203.0.113.9", 443, 900_000_000, 1_000);
        var flows = rows.Build();
        Assert.True(NetAddress.TryParse("203.0.113.9", out var far) && flows.Hosts.TryGet(far, out var id)
            && Described(flows.Hosts, id));
        return Hunts.Over(flows, settings: WholeTables.Settings with { KnownGood = KnownGood.FromText(list, out _)! });
    }

    private static bool Described(HostTable hosts, int id)
    {
        hosts.Describe(id, new HostDetails { Hostname = "vault.backup.example", Asn = "AS64511 Example Hosting" });
        return true;
    }
}
