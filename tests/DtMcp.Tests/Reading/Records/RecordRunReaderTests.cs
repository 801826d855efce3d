using System.Globalization;
using System.Text;
using DtMcp.Darktrace.Errors;
using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Reading.Json;
using DtMcp.Darktrace.Reading.Records;
using DtMcp.Darktrace.Values;

namespace DtMcp.Tests.Reading.Records;

/// <summary>The fast reader of records says what the general one says, of whatever bytes come in whatever pieces.</summary>
public class RecordRunReaderTests
{
    // About half of the random starts lie in it.
    private static readonly TimeWindow Window = new(RandomPages.FirstMs, RandomPages.FirstMs + 500_000);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Both_readers_agree_on_random_pages(int seed)
    {
        var random = new Random(seed);
        var pages = new RandomPages(random);
        for (var round = 0; round < 600; round++)
        {
            var body = Encoding.UTF8.GetBytes(pages.Next());
            TimeWindow? window = random.Next(2) == 0 ? Window : null;
            await AgreeAsync(body, window, random, seed, round);
            for (var i = 0; i < 2 && body.Length > 0; i++)
            {
                await AgreeAsync(Mutations.Of(body, random), window, random, seed, round);
            }
        }
    }

    [Fact]
    public async Task Both_readers_agree_on_every_cut_and_every_window()
    {
        var random = new Random(5);
        var pages = new RandomPages(random);
        for (var round = 0; round < 2; round++)
        {
            byte[] body;
            do
            {
                body = Encoding.UTF8.GetBytes(pages.Next());
            }
            while (body.Length is < 1500 or > 3000);
            var whole = await ShowAsync(body, null, general: true, () => int.MaxValue, JsonWindow.UsualBytes);
            for (var cut = 0; cut <= body.Length; cut++)
            {
                await AgreeAsync(body[..cut], null, random, 5, round);
                var left = cut;
                Assert.Equal(whole, await ShowAsync(body, null, general: false, () => Interlocked.Exchange(ref left, int.MaxValue),
                    JsonWindow.UsualBytes));
            }

            for (var window = 1; window < 400; window++)
            {
                Assert.Equal(whole, await ShowAsync(body, null, general: false, () => int.MaxValue, window));
            }
        }
    }

    [Fact]
    public void Entries_in_a_known_or_another_order_are_read_without_the_general_reader()
    {
        var flows = new FlowSet();
        var writer = new RecordWriter(flows, null);
        var reader = new RecordRunReader(writer, new RecordSteps());
        byte[] learned = [.. Entry(0, 1, 2, 3, 4)];
        reader.Learn(learned);
        byte[] more = [.. ","u8, .. learned, .. ","u8, .. Entry(0, 3, 1, 4, 2), .. ","u8, .. Entry(0, 2, 4), .. "]"u8];

        var (bytes, entries) = reader.Read(Padded(more));

        writer.Finish();
        Assert.Equal((more.Length - 1, 3), (bytes, entries));
        Assert.Equal([7, 7, 0], flows.Chunks[0].Bytes[..3]);
        Assert.Equal([1_768_467_522_401, 1_768_467_522_401, 1_768_467_522_401], Enumerable.Range(0, 3).Select(flows.Chunks[0].Start));
    }

    private static ReadOnlySpan<byte> Padded(byte[] text)
    {
        byte[] padded = [.. text, .. new byte[JsonWindow.Padding]];
        return padded.AsSpan(0, text.Length);
    }

    // An entry with some of five fields, in some order; the first is the start.
    private static byte[] Entry(params int[] order)
    {
        string[] fields =
            ["\"start_ts\":1768467522.40136", "\"orig_bytes\":7", "\"proto\":\"tcp\"", "\"uid\":\"C1\"", "\"local_orig\":true"];
        var some = string.Join(',', order.Select(i => fields[i]));
        return Encoding.UTF8.GetBytes($$"""{"_id":"a\\t","_source":{"@fields":{{{some}}},"@type":"conn"},"sort":[1768467540000]}""");
    }

    private static async Task AgreeAsync(byte[] body, TimeWindow? asked, Random random, int seed, int round)
    {
        var window = random.Next(3) == 0 ? JsonWindow.UsualBytes : random.Next(1, 2000);
        var piece = random.Next(3) == 0 ? int.MaxValue : random.Next(1, 300);
        var general = await ShowAsync(body, asked, general: true, () => int.MaxValue, JsonWindow.UsualBytes);
        var fast = await ShowAsync(body, asked, general: false, () => piece, window);
        Assert.True(general == fast,
            $"seed {seed} round {round} window {window} piece {piece}\n{Encoding.UTF8.GetString(body)}\n--- general\n{general}\n--- " +
            $"fast\n{fast}");
    }

    private static async Task<string> ShowAsync(byte[] body, TimeWindow? asked, bool general, Func<int> piece, int window)
    {
        var flows = new FlowSet();
        try
        {
            var page = await AdvancedSearchReader.ReadAsync(
                new ChoppedStream(body, piece), new RecordsShape(flows, asked, general), window, TestContext.Current.CancellationToken);
            var odd = string.Join(", ", flows.Invalid.Kinds);
            var sides = string.Concat(Enumerable.Range(0, flows.Hosts.Count).Select(id =>
                flows.Hosts.ReportedInside(id) switch { true => '+', false => '-', _ => '?' }));
            return string.Create(CultureInfo.InvariantCulture, $"{page} odd {odd} sides {sides}\n{Bodies.Show(flows)}");
        }
        catch (ApplianceException broken)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{broken.Error} after {broken.RowsRead}");
        }
    }
}
