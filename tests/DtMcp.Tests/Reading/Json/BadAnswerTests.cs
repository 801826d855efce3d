using System.Text;
using DtMcp.Darktrace.Errors;
using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Reading.Json;
using DtMcp.Darktrace.Reading.Network;
using DtMcp.Tests.Reading.Network;
using DtMcp.Tests.Reading.Records;

namespace DtMcp.Tests.Reading.Json;

public class BadAnswerTests
{
    public static TheoryData<string> Bad => new()
    {
        "", "   ", "5", "\"text\"", "null", "{\"traffic\":[{\"bytes\":1}]", "{\"traffic\":[{\"bytes\":1},]}",
        "{\"traffic\":[{\"bytes\":01}]}",
        "{\"traffic\":[{\"bytes\":1}{\"bytes\":2}]}", "{} {}", "{}x", "{\"traffic\":[{\"a\":\"\\x\"}]}",
        "{\"traffic\":[{\"a\":\"\u0001\"}]}",
        "{\"traffic\":[{\"bytes\":1}],\"traffic\":[{\"bytes\":2}]}", "{\"a\":" + new string('[', 70) + new string(']', 70) + "}",
        "{\"traffic\":[{\"a\":\"" + new string('x', 1_100_000) + "\"}]}", "{\"a\":\"" + new string('x', 1_100_000) + "\"}",
        "{\"a\":\"" + new string('x', 17_000_000) + "\"}",
    };

    [Theory]
    [MemberData(nameof(Bad), DisableDiscoveryEnumeration = true)]
    public async Task What_is_no_whole_JSON_within_bounds_is_refused(string json)
    {
        var refused = await Assert.ThrowsAsync<ApplianceException>(() => Bodies.ReadAsync(json));

        Assert.Equal(ApplianceError.BadAnswer, refused.Error);
    }

    [Fact]
    public async Task Invalid_UTF_8_is_refused()
    {
        var body = Encoding.Latin1.GetBytes("{\"traffic\":[{\"bytes\":1},{\"protocol\":\"t\u00e9p\"}]}");

        var refused = await Assert.ThrowsAsync<ApplianceException>(() => Bodies.ReadAsync(new MemoryStream(body)));

        Assert.Equal((ApplianceError.BadAnswer, 1), (refused.Error, refused.RowsRead));
    }

    // Wherever a piece ends: in front of the invalid byte, behind it, and with nothing but ASCII in the next.
    [Fact]
    public async Task Invalid_UTF_8_is_refused_in_pieces_of_every_size()
    {
        var body = Encoding.Latin1.GetBytes("{\"traffic\":[{\"bytes\":1},{\"protocol\":\"t\u00e9p\"},{\"bytes\":2},{\"bytes\":3}]}");
        for (var size = 1; size <= body.Length; size++)
        {
            var refused = await Assert.ThrowsAsync<ApplianceException>(
                () => NetworkReader.ReadAsync(new MemoryStream(body), new NetworkShape(new FlowSet()), null, size,
                    TestContext.Current.CancellationToken));

            Assert.Equal((ApplianceError.BadAnswer, 1), (refused.Error, refused.RowsRead));
        }
    }

    [Fact]
    public async Task A_body_cut_anywhere_is_refused_and_says_how_many_rows_were_whole()
    {
        var body = Encoding.UTF8.GetBytes(NetworkReaderTests.Seed);
        var firstEnds = NetworkReaderTests.Seed.IndexOf("},\n{", StringComparison.Ordinal) + 1;
        for (var cut = 0; cut < body.Length; cut++)
        {
            var refused = await Assert.ThrowsAsync<ApplianceException>(() => Bodies.ReadAsync(new MemoryStream(body[..cut])));

            Assert.Equal(ApplianceError.BadAnswer, refused.Error);
            Assert.Equal(cut < firstEnds ? 0 : refused.RowsRead, refused.RowsRead);
            Assert.True(cut < firstEnds || refused.RowsRead >= 1);
        }
    }

    [Fact]
    public async Task A_connection_that_breaks_is_refused_with_its_cause()
    {
        var body = new ChoppedStream("{\"traffic\":[{\"bytes\":1},{\"byt"u8.ToArray(), () => 7, new IOException("reset"));

        var refused = await Assert.ThrowsAsync<ApplianceException>(() => Bodies.ReadAsync(body));

        Assert.Equal((ApplianceError.BadAnswer, 1), (refused.Error, refused.RowsRead));
        Assert.IsType<IOException>(refused.InnerException);
    }

    [Fact]
    public async Task Cancelling_stops_between_two_reads_and_progress_comes_with_each()
    {
        using var stop = new CancellationTokenSource();
        var rows = string.Join(',', Enumerable.Repeat("{\"bytes\":1}", 100_000));
        var seen = new List<ReadProgress>();
        var progress = new Collect(report =>
        {
            seen.Add(report);
            if (seen.Count == 2)
            {
                stop.Cancel();
            }
        });
        var body = new MemoryStream(Encoding.UTF8.GetBytes("{\"traffic\":[" + rows + "]}"));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => NetworkReader.ReadAsync(body, new FlowSet(), progress, stop.Token));

        Assert.Equal(2, seen.Count);
        Assert.InRange(seen[0].Rows, 1, seen[1].Rows - 1);
        Assert.InRange(seen[0].Bytes, 1, seen[1].Bytes - 1);
    }

    [Fact]
    public async Task A_page_of_records_reads_the_same_in_pieces_of_every_size_and_never_when_cut()
    {
        var body = Encoding.UTF8.GetBytes(AdvancedSearchReaderTests.Page);
        var (page, flows) = await Bodies.ReadRecordsAsync(new MemoryStream(body));
        var whole = Bodies.Show(flows);
        for (var size = 1; size < body.Length; size++)
        {
            var (again, others) = await Bodies.ReadRecordsAsync(new ChoppedStream(body, () => size));
            Assert.Equal((page, whole), (again, Bodies.Show(others)));
            await Assert.ThrowsAsync<ApplianceException>(() => Bodies.ReadRecordsAsync(new MemoryStream(body[..size])));
        }
    }

    private sealed class Collect(Action<ReadProgress> report) : IProgress<ReadProgress>
    {
        public void Report(ReadProgress value) => report(value);
    }
}
