using System.Net;
using DtMcp.Darktrace;
using DtMcp.Darktrace.Sending;
using DtMcp.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace DtMcp.Tests.Sending;

/// <summary>What one replica finds out of an appliance, another tries with one small request.</summary>
public sealed class SharedCircuitTests
{
    // One attempt each: a wait beyond the timeout is not begun.
    private static readonly Func<HttpResponseMessage> Busy = StubWire.Status(HttpStatusCode.ServiceUnavailable, "Retry-After", "3600");

    private readonly FakeTimeProvider _time = new(Clients.Now);
    private readonly Board _board = new();

    [Fact]
    public async Task Another_replica_tries_it_once_and_leaves_it_alone_too()
    {
        using var one = Client(new StubWire(Busy));
        await FailAsync(one, "appliance_busy", 5);
        Assert.Null(_board.Word);
        await FailAsync(one, "not_answering", 1);
        Assert.Equal((6, "appliance_busy"), (_board.Word!.Failures, _board.Word.Code));

        var wire = new StubWire(Busy);
        using var other = Client(wire);
        await FailAsync(other, "not_answering", 4);
        Assert.StartsWith("/status", Assert.Single(wire.Asked).Target, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_one_cannot_reach_and_another_can_is_answered_and_tried_once_for_as_long_as_that_is_said()
    {
        using var one = Client(new StubWire(Busy));
        await FailAsync(one, "appliance_busy", 5);
        await FailAsync(one, "not_answering", 1);
        var wire = new StubWire(StubWire.Json("{}"), StubWire.Json("[]"));
        using var other = Client(wire);

        Assert.Empty(await _time.RunAsync(other.GetDevicesAsync(new(), CancellationToken.None)));
        Assert.Null(_board.Word);
        for (var i = 0; i < 3; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(10));
            await FailAsync(one, "not_answering", 1);
            Assert.NotNull(_board.Word);
            Assert.Empty(await _time.RunAsync(other.GetDevicesAsync(new(), CancellationToken.None)));
        }

        Assert.Equal(5, wire.Asked.Count);
    }

    [Fact]
    public async Task A_place_of_all_is_given_back_whatever_comes_of_the_request()
    {
        using var client = Client(new StubWire(Busy, StubWire.Json("[]"), StubWire.Breaks(HttpRequestError.ConnectionError)));
        await FailAsync(client, "appliance_busy", 1);
        Assert.Empty(await _time.RunAsync(client.GetDevicesAsync(new(), CancellationToken.None)));
        await FailAsync(client, "unreachable", 1);
        Assert.Equal((3, 3), (_board.Entered, _board.Left));
    }

    private DarktraceClient Client(HttpMessageHandler wire) =>
        DarktraceClient.Create(Clients.Options() with { Shared = _board }, _time, null, wire);

    private async Task FailAsync(DarktraceClient client, string code, int times)
    {
        for (var i = 0; i < times; i++)
        {
            Assert.Equal(code, (await _time.FailAsync(client.GetDevicesAsync(new(), CancellationToken.None))).Code);
        }
    }

    private sealed class Board : ISharedAppliance
    {
        public CircuitOpening? Word { get; private set; }

        public int Entered { get; private set; }

        public int Left { get; private set; }

        public Task<SharedPlace> EnterAsync(CancellationToken cancellationToken)
        {
            Entered++;
            return Task.FromResult(new SharedPlace(Word, () => Left++));
        }

        public void Opened(CircuitOpening opening) => Word = opening;

        public void Closed() => Word = null;
    }
}
