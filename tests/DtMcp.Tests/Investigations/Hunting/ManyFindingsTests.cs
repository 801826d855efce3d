using System.Globalization;
using System.Text;
using DtMcp.Tests.Tools;
using Microsoft.ML.Tokenizers;

namespace DtMcp.Tests.Investigations.Hunting;

public class ManyFindingsTests
{
    private const int Findings = 20;
    private const long Start = 1_768_435_200;

    [Fact]
    public async Task A_normal_answer_holds_every_finding_above_low_up_to_twenty()
    {
        var path = Path.Combine(Path.GetTempPath(), $"dtmcp-many-{Guid.NewGuid():N}.log");
        await File.WriteAllTextAsync(path, Log(), TestContext.Current.CancellationToken);
        try
        {
            await using var fixture = await InvestigatorFixture.StartAsync(options => options with { RecordsFile = path, Now = null });
            var window = string.Create(CultureInfo.InvariantCulture, $$"""{"starttime":{{Start}}000,"endtime":{{Start + 86_000}}000}""");
            var (text, isError) = await ToolAppliances.CallAsync(fixture.Client, fixture.Appliance.Clock, "hunt_traffic", window);

            Assert.False(isError, text);
            Assert.Equal(Findings, text.Split('\n').Count(line => line.StartsWith("beacon|", StringComparison.Ordinal)));
            Assert.DoesNotContain("Cut to fit", text, StringComparison.Ordinal);
            Assert.InRange(TiktokenTokenizer.CreateForModel("gpt-4o").CountTokens(text), 500, 2_000);
        }
        finally
        {
            File.Delete(path);
        }
    }

    // Twenty devices that each call a host of their own, every one at another pace.
    private static string Log()
    {
        List<(double At, string Line)> lines = [];
        for (var device = 0; device < Findings; device++)
        {
            for (var beat = 0; beat < 120; beat++)
            {
                var at = Start + 60 + (beat * (300 + (31.0 * device)));
                FormattableString line = $$"""
                    {"ts":{{at}},"uid":"C{{device}}x{{beat}}","id.orig_h":"10.20.10.{{20 + device}}","id.orig_p":{{40_000 + beat}},
                    "id.resp_h":"203.0.113.{{100 + device}}","id.resp_p":443,"proto":"tcp","service":"ssl","duration":1.0,
                    "orig_bytes":{{700 + device}},"resp_bytes":400,"conn_state":"SF","orig_pkts":6,"resp_pkts":6}
                    """;
                lines.Add((at, FormattableString.Invariant(line).ReplaceLineEndings("")));
            }
        }

        var log = new StringBuilder();
        foreach (var (_, line) in lines.OrderBy(line => line.At))
        {
            log.AppendLine(line);
        }

        return log.ToString();
    }
}
