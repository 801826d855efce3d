using System.Net;
using System.Text;
using DtMcp.Darktrace.Errors;
using DtMcp.Darktrace.Requests;
using DtMcp.Darktrace.Values;
using DtMcp.Tests.Support;
using DtMcp.Traffic;
using DtMcp.Traffic.Questions;
using Microsoft.Extensions.Time.Testing;

namespace DtMcp.Tests.Issues;

/// <summary>When one of two requests fails, the other ends with it: nothing is read that nobody can use.</summary>
public sealed class Siblings_11
{
    private const long Day = 86_400_000;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_part_of_a_window_that_fails_ends_those_beside_it_at_once()
    {
        // The first part has rows, the second never ends, the third is refused: it must not wait for the second.
        var stalled = new TaskCompletionSource();
        using var wire = new Wire(async (request, asked, token) =>
        {
            switch (asked)
            {
                case 1:
                    return Json("{\"traffic\":[{\"bytes\":1}]}");
                case 2:
                    await UntilCancelled(stalled, token);
                    throw new OperationCanceledException(token);
                default:
                    return new HttpResponseMessage(HttpStatusCode.Forbidden) { Content = new ByteArrayContent([]) };
            }
        });
        using var client = Clients.Over(wire, new FakeTimeProvider(Clients.Now));
        var investigator = new Investigator(new InvestigatorOptions { Appliance = "test", Evidence = EvidencePolicy.Network, FewRows = 0 },
            client, new FakeTimeProvider(Clients.Now));
        var end = Clients.Now.ToUnixTimeMilliseconds();

        var asking = investigator.AskAsync(new Question
        {
            Investigation = Investigating.Of("summarize_network_traffic"),
            Window = new TimeWindow(end - (4 * Day), end),
        }, null, Cancelled);
        var error = await Assert.ThrowsAsync<ApplianceException>(() => asking.WaitAsync(TimeSpan.FromSeconds(20), Cancelled));

        Assert.Equal(ApplianceError.PermissionDenied, error.Error);
        await stalled.Task.WaitAsync(TimeSpan.FromSeconds(20), Cancelled);
        Assert.Equal(3, wire.Asked);
    }

    [Fact]
    public async Task Names_are_no_longer_asked_for_once_the_records_have_failed()
    {
        // The records fail once names are being asked for.
        var (begun, stalled) = (new TaskCompletionSource(), new TaskCompletionSource());
        using var wire = new Wire(async (request, _, token) =>
        {
            if (request.RequestUri!.AbsolutePath.StartsWith("/advancedsearch", StringComparison.Ordinal))
            {
                await begun.Task.WaitAsync(token);
                return Json("{\"hits\":{\"total\":1,\"hits\":[{\"_source\":");
            }

            begun.TrySetResult();
            await UntilCancelled(stalled, token);
            throw new OperationCanceledException(token);
        });
        using var client = Clients.Over(wire, new FakeTimeProvider(Clients.Now));
        var investigator = new Investigator(new InvestigatorOptions { Appliance = "test", Evidence = EvidencePolicy.Records }, client,
            new FakeTimeProvider(Clients.Now));
        var end = Clients.Now.ToUnixTimeMilliseconds();

        var asking = investigator.AskAsync(new Question
        {
            Investigation = Investigating.Of("summarize_network_traffic"),
            Window = new TimeWindow(end - 3_600_000, end),
        }, null, Cancelled);
        var error = await Assert.ThrowsAsync<ApplianceException>(() => asking.WaitAsync(TimeSpan.FromSeconds(20), Cancelled));

        Assert.Equal(ApplianceError.BadAnswer, error.Error);
        await stalled.Task.WaitAsync(TimeSpan.FromSeconds(20), Cancelled);
    }

    [Fact]
    public async Task A_half_of_a_devices_tables_that_fails_ends_the_other()
    {
        // The inner half never ends, the outer one is refused: it must not wait for the inner.
        var (begun, stalled) = (new TaskCompletionSource(), new TaskCompletionSource());
        using var wire = new Wire(async (request, _, token) =>
        {
            var target = request.RequestUri!.PathAndQuery;
            if (target.Contains("intext=internal", StringComparison.Ordinal))
            {
                begun.SetResult();
                await UntilCancelled(stalled, token);
                throw new OperationCanceledException(token);
            }

            if (target.Contains("intext=external", StringComparison.Ordinal))
            {
                await begun.Task;
            }

            return !target.StartsWith("/network", StringComparison.Ordinal) ? Json("[]")
                : target.Contains("intext=external", StringComparison.Ordinal)
                    ? new HttpResponseMessage(HttpStatusCode.Forbidden) { Content = new ByteArrayContent([]) }
                : Json("{\"statistics\":[],\"connections\":[],\"devices\":[]}");
        });
        using var client = Clients.Over(wire, new FakeTimeProvider(Clients.Now));
        var investigator = new Investigator(new InvestigatorOptions { Appliance = "test", Evidence = EvidencePolicy.Network }, client,
            new FakeTimeProvider(Clients.Now));
        var end = Clients.Now.ToUnixTimeMilliseconds();

        var asking = investigator.AskAsync(
            new Question
            {
                Investigation = Investigating.Of("analyze_device_activity"),
                Window = new TimeWindow(end - 3_600_000, end),
                Filters = new NetworkQuery { Did = 7 },
            }, null, Cancelled);
        var error = await Assert.ThrowsAsync<ApplianceException>(() => asking.WaitAsync(TimeSpan.FromSeconds(20), Cancelled));

        Assert.Equal(ApplianceError.PermissionDenied, error.Error);
        await stalled.Task.WaitAsync(TimeSpan.FromSeconds(20), Cancelled);
    }

    private static async Task UntilCancelled(TaskCompletionSource told, CancellationToken token)
    {
        await using (token.Register(() => told.TrySetResult()))
        {
            await told.Task;
        }
    }

    private static HttpResponseMessage Json(string body)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        return new HttpResponseMessage(HttpStatusCode.OK) { Content = content };
    }

    private sealed class Wire(Func<HttpRequestMessage, int, CancellationToken, Task<HttpResponseMessage>> answer) : HttpMessageHandler
    {
        private int _asked;

        public int Asked => _asked;

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            answer(request, Interlocked.Increment(ref _asked), cancellationToken);
    }
}
