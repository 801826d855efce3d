using System.Buffers;
using System.IO.Pipelines;
using DtMcp.Darktrace.Reading.Json;

namespace DtMcp.Tests.Reading.Json;

/// <summary>A body is received ahead: all of it, in order, no more of it than may wait, and errors behind the bytes before them.</summary>
public class ReadAheadTests
{
    private const int PieceBytes = 1_024;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Pieces_are_the_body_in_order()
    {
        var body = new byte[100_000];
        new Random(1).NextBytes(body);
        var random = new Random(2);
        await using var feed = new ReadAhead(new ChoppedStream(body, () => random.Next(1, 3_000)), PieceBytes, Stop);

        var read = new List<byte>();
        while (await TakeAsync(feed, read) is { IsLast: false } piece)
        {
            Assert.InRange(piece.Length, 1, PieceBytes);
        }

        Assert.Equal(body, read);
        await Assert.ThrowsAsync<InvalidOperationException>(() => TakeAsync(feed, read));
    }

    // Else the progress of a slow answer would come by the piece, and a stalled one would show none of what has come.
    [Fact]
    public async Task Who_waits_gets_a_part_of_a_piece()
    {
        // Without a bound: the writer never waits, however late the waiting one gets its turn.
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 0));
        await using var feed = new ReadAhead(pipe.Reader.AsStream(), PieceBytes, Stop);
        var read = new List<byte>();

        var waiting = TakeAsync(feed, read);
        while (!waiting.IsCompleted)
        {
            await pipe.Writer.WriteAsync(new byte[PieceBytes / 4], Stop);
            await Task.Yield();
        }

        Assert.False((await waiting).IsLast);
        Assert.InRange(read.Count, 1, PieceBytes);
    }

    [Fact]
    public async Task No_more_is_received_than_may_wait()
    {
        var body = new EndlessStream();
        await using (var feed = new ReadAhead(body, PieceBytes, Stop))
        {
            await TakeAsync(feed, []);
            await body.Quiet;
        }

        Assert.InRange(body.Given, PieceBytes, 20 * PieceBytes);
    }

    [Fact]
    public async Task An_error_comes_behind_the_bytes_before_it_and_one_that_is_none_of_the_bodys_as_it_is()
    {
        await using var broken = new ReadAhead(new ChoppedStream(new byte[10], () => 4, new IOException("reset")), PieceBytes, Stop);
        await using var wrong = new ReadAhead(new ChoppedStream(new byte[10], () => 4, new NotSupportedException("wrong")), PieceBytes,
            Stop);

        var piece = await TakeAsync(broken, []);

        Assert.Equal((10, "reset"), (piece.Length, piece.Broken?.Message));
        Assert.Equal("wrong", (await Assert.ThrowsAsync<NotSupportedException>(() => TakeAsync(wrong, []))).Message);
    }

    [Fact]
    public async Task Cancelling_and_disposing_end_a_body_that_stalls()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var (stalled, forgotten) = (new Pipe(), new Pipe());
        await using var feed = new ReadAhead(stalled.Reader.AsStream(), PieceBytes, stop.Token);

        var waiting = TakeAsync(feed, [], stop.Token);
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        await new ReadAhead(forgotten.Reader.AsStream(), PieceBytes, Stop).DisposeAsync();
    }

    private static async Task<ReadAhead.Piece> TakeAsync(ReadAhead feed, List<byte> into, CancellationToken? stop = null)
    {
        var piece = await feed.NextAsync(stop ?? Stop);
        into.AddRange(piece.Array.AsSpan(piece.Start, piece.Length));
        ArrayPool<byte>.Shared.Return(piece.Array);
        return piece;
    }

    /// <summary>Gives zeros for ever; quiet once nobody has asked for some turns of the thread pool.</summary>
    private sealed class EndlessStream : MemoryStream
    {
        private long _given;

        public long Given => Interlocked.Read(ref _given);

        public Task Quiet => Task.Run(async () =>
        {
            for (var (turns, before) = (0, -1L); turns < 1_000; turns = Given == before ? turns + 1 : 0)
            {
                before = Given;
                await Task.Yield();
            }
        });

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Interlocked.Add(ref _given, buffer.Length);
            return ValueTask.FromResult(buffer.Length);
        }
    }
}
