using System.Collections.Concurrent;
using System.Net;
using DtMcp.Darktrace.Errors;
using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Requests;
using DtMcp.Tests.Support;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace DtMcp.Tests.Sending;

public class AnswerCheckTests
{
    private readonly FakeTimeProvider _time = new(Clients.Now);

    public static TheoryData<string, string, string> Refusals => new()
    {
        { """{"network": "API SIGNATURE ERROR"}""", "signature_rejected", "same pair" },
        { """{"anything": {"deep": ["API SIGNATURE ERROR"]}}""", "signature_rejected", "same pair" },
        { """{"network": "API DATE ERROR"}""", "clock_skew", "30 minutes" },
        { """{"network": "INPUT ERROR"}""", "request_rejected", "" },
        { """{"API SIGNATURE ERROR": "INPUT ERROR"}""", "request_rejected", "" },
        { "not JSON: API SIGNATURE ERROR", "request_rejected", "" },
        { "", "request_rejected", "" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task A_400_is_told_by_any_value_of_its_body(string body, string code, string remedy)
    {
        var error = await AskAsync(StubWire.Json(body, HttpStatusCode.BadRequest));

        Assert.Equal(code, error.Code);
        Assert.Contains(remedy, error.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rejected_request_names_what_was_sent()
    {
        var error = await AskAsync(StubWire.Json("""{"network":"INPUT ERROR"}""", HttpStatusCode.BadRequest));

        Assert.Contains("did=\"212\", metric=\"datatransfervolume\"", error.Happened, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_date_error_shows_both_clocks_and_their_difference()
    {
        var error = await AskAsync(() =>
        {
            var response = StubWire.Json("""{"network":"API DATE ERROR"}""", HttpStatusCode.BadRequest)();
            response.Headers.Date = Clients.Now.AddMinutes(31);
            return response;
        });

        Assert.Equal("clock_skew", error.Code);
        Assert.Contains("2026-01-15 09:00:00", error.Happened, StringComparison.Ordinal);
        Assert.Contains("2026-01-15 09:31:00", error.Happened, StringComparison.Ordinal);
        Assert.Contains("31 minutes apart", error.Happened, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/403", "permission_denied")]
    [InlineData("https://appliance.test/403", "permission_denied")]
    [InlineData("/login", "not_available")]
    [InlineData("/login?next=x", "not_available")]
    [InlineData("https://sso.example/start", "not_darktrace")]
    [InlineData(null, "not_darktrace")]
    public async Task A_redirect_is_told_by_where_it_goes(string? location, string code) =>
        Assert.Equal(code, (await AskAsync(StubWire.Status(HttpStatusCode.Redirect, location is null ? null : "Location", location))).Code);

    [Theory]
    [InlineData(HttpStatusCode.Unauthorized, "permission_denied")]
    [InlineData(HttpStatusCode.Forbidden, "permission_denied")]
    [InlineData(HttpStatusCode.NotFound, "not_available")]
    [InlineData(HttpStatusCode.UnprocessableEntity, "request_rejected")]
    [InlineData(HttpStatusCode.NotImplemented, "not_darktrace")]
    [InlineData(HttpStatusCode.NoContent, "not_darktrace")]
    public async Task A_status_has_its_code(HttpStatusCode status, string code) =>
        Assert.Equal(code, (await AskAsync(StubWire.Status(status))).Code);

    [Fact]
    public async Task A_missing_permission_is_named() =>
        Assert.Contains("Visualizer", (await AskAsync(StubWire.Status(HttpStatusCode.Redirect, "Location", "/403"))).Remedy,
            StringComparison.Ordinal);

    [Theory]
    [InlineData("<!doctype html><html><head><title>Log In | Darktrace</title></head></html>", "text/html", "permission_denied")]
    [InlineData("<html><title>Welcome to nginx</title></html>", "text/html; charset=utf-8", "not_darktrace")]
    [InlineData("<html></html>", null, "not_darktrace")]
    [InlineData("", "text/plain", "not_darktrace")]
    [InlineData("hello", "text/plain", "not_darktrace")]
    public async Task A_page_instead_of_json_is_told_apart(string body, string? type, string code) =>
        Assert.Equal(code, (await AskAsync(StubWire.Text(body, type))).Code);

    [Theory]
    [InlineData("text/html")]
    [InlineData("text/plain")]
    [InlineData(null)]
    public async Task Json_of_another_type_is_read(string? type)
    {
        using var client = Clients.Over(new StubWire(StubWire.Text(" \n{\"version\":\"6.1\"}", type)), _time);

        Assert.Equal("6.1", (await client.GetStatusAsync(TestContext.Current.CancellationToken)).Version);
    }

    [Theory]
    [InlineData(HttpRequestError.NameResolutionError, "unreachable")]
    [InlineData(HttpRequestError.SecureConnectionError, "unreachable")]
    [InlineData(HttpRequestError.ConnectionError, "unreachable")]
    [InlineData(HttpRequestError.InvalidResponse, "not_darktrace")]
    [InlineData(HttpRequestError.Unknown, "unreachable")]
    public async Task Broken_transport_has_its_code(HttpRequestError broken, string code) =>
        Assert.Equal(code, (await AskAsync(StubWire.Breaks(broken))).Code);

    [Fact]
    public async Task No_error_and_no_log_shows_a_token_a_value_or_the_appliances_text()
    {
        var lines = new Lines();
        List<string> said = [];
        Func<HttpResponseMessage>[] answers =
        [
            StubWire.Json("""{"network":"secret-detail"}""", HttpStatusCode.BadRequest),
            StubWire.Text("secret-detail", "text/plain"),
            StubWire.Status(HttpStatusCode.Redirect, "Location", "https://sso.example/secret-detail"),
            StubWire.Json("""{"network":"secret-detail"}""", HttpStatusCode.ServiceUnavailable),
            StubWire.Breaks(HttpRequestError.ConnectionError),
        ];
        foreach (var answer in answers)
        {
            using var client = Clients.Over(new StubWire(answer), _time, lines);
            said.Add((await _time.FailAsync(client.GetNetworkAsync(new NetworkQuery { Did = 212 }, new FlowSet(), null,
                TestContext.Current.CancellationToken))).Message);
        }

        Assert.NotEmpty(lines.Written);
        Assert.All(lines.Written, static line => Assert.DoesNotContain("212", line, StringComparison.Ordinal));
        Assert.All(said.Concat(lines.Written), static text =>
        {
            Assert.DoesNotContain("secret-detail", text, StringComparison.Ordinal);
            Assert.DoesNotContain(Clients.PublicToken, text, StringComparison.Ordinal);
            Assert.DoesNotContain(Clients.PrivateToken, text, StringComparison.Ordinal);
            Assert.DoesNotContain("https://", text, StringComparison.Ordinal);
        });
    }

    private async Task<ApplianceException> AskAsync(Func<HttpResponseMessage> answer)
    {
        using var client = Clients.Over(new StubWire(answer), _time);
        return await _time.FailAsync(client.GetNetworkAsync(
            new NetworkQuery { Did = 212, Metric = "datatransfervolume" }, new FlowSet(), null, TestContext.Current.CancellationToken));
    }

    private sealed class Lines : ILoggerFactory, ILogger
    {
        public ConcurrentQueue<string> Written { get; } = [];

        public void AddProvider(ILoggerProvider provider)
        {
        }

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter) =>
            Written.Enqueue(formatter(state, exception) + exception);

        public void Dispose()
        {
        }
    }
}
