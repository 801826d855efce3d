using System.Net;
using DtMcp.Darktrace;
using DtMcp.Darktrace.Errors;
using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Requests;
using DtMcp.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace DtMcp.Tests.Issues;

/// <summary>
/// An appliance that said it was busy was told as one that did not answer in time, when the time ended in the attempt after.
/// </summary>
public sealed class BusyInTime_11
{
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(2);

    [Theory]
    [InlineData(HttpStatusCode.TooManyRequests)]
    [InlineData(HttpStatusCode.ServiceUnavailable)]
    public async Task A_time_that_ends_behind_a_busy_answer_says_busy(HttpStatusCode status)
    {
        var error = await FailAsync(new HttpResponseMessage(status) { Content = new ByteArrayContent([]) });
        Assert.Equal(ApplianceError.ApplianceBusy, error.Error);
        Assert.Contains($"({(int)status}); retried 1 times over 2", error.Happened, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_time_that_ends_in_the_first_attempt_says_so() =>
        Assert.Equal(ApplianceError.Timeout, (await FailAsync(null)).Error);

    private static async Task<ApplianceException> FailAsync(HttpResponseMessage? first)
    {
        var time = new FakeTimeProvider(Clients.Now);
        using var wire = new Wire(first);
        using var client = DarktraceClient.Create(Clients.Options() with { Timeout = Short }, time, null, wire);
        return await time.FailAsync(client.GetNetworkAsync(new NetworkQuery(), new FlowSet(), null, TestContext.Current.CancellationToken));
    }

    /// <summary>One answer, and then none.</summary>
    private sealed class Wire(HttpResponseMessage? first) : HttpMessageHandler
    {
        private HttpResponseMessage? _first = first;

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (Interlocked.Exchange(ref _first, null) is { } answer)
            {
                return answer;
            }

            var stalled = new TaskCompletionSource();
            await using (cancellationToken.Register(() => stalled.TrySetResult()))
            {
                await stalled.Task;
            }

            throw new OperationCanceledException(cancellationToken);
        }
    }
}
