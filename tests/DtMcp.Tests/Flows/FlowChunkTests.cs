using DtMcp.Darktrace.Flows;

namespace DtMcp.Tests.Flows;

/// <summary>
/// A chunk gives back the starts and the bytes by direction that were put in, however far apart, known or not, and used again.
/// </summary>
public class FlowChunkTests
{
    [Fact]
    public void What_was_put_in_comes_out()
    {
        var random = new Random(1);
        var chunk = new FlowChunk();
        for (var round = 0; round < 40; round++)
        {
            var (far, split) = (random.Next(2) == 0, random.Next(2) == 0);
            var count = random.Next(1, 300);
            var starts = Enumerable.Range(0, count).Select(_ => random.Next(5) switch
            {
                0 => FlowChunk.UnknownStart,
                1 when far => random.NextInt64(253_402_300_799_999),
                _ => 1_768_467_600_000 + random.Next(-1_000_000_000, 1_000_000_000),
            }).ToArray();
            var sent = Enumerable.Range(0,
                count).Select(_ => split && random.Next(3) > 0 ? random.NextInt64(1L << 50) : FlowChunk.Unknown).ToArray();
            for (var i = 0; i < count; i++)
            {
                chunk.SetStart(i, starts[i]);
                chunk.SetBytesOut(i, sent[i]);
            }

            Assert.Equal(starts, Enumerable.Range(0, count).Select(chunk.Start));
            Assert.Equal(sent, chunk.BytesOut[..count].ToArray());
        }
    }

    [Fact]
    public void Only_columns_that_are_needed_take_memory()
    {
        var chunk = new FlowChunk();
        chunk.SetStart(0, 1_768_467_600_000);
        chunk.SetBytesOut(0, FlowChunk.Unknown);
        Assert.Equal(41 * FlowChunk.Capacity, chunk.Size);
        chunk.SetBytesOut(0, 1);
        Assert.Equal(49 * FlowChunk.Capacity, chunk.Size);
        chunk.SetStart(1, 0);
        Assert.Equal(57 * FlowChunk.Capacity, chunk.Size);
    }
}
