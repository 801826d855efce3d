using System.Net;
using System.Net.Http.Headers;
using System.Text;
using DtMcp.Darktrace.Errors;
using DtMcp.Darktrace.Requests;
using DtMcp.Darktrace.Signing;
using Microsoft.Extensions.Http.Resilience;
using Microsoft.Extensions.Logging;

namespace DtMcp.Darktrace.Sending;

/// <summary>
/// Sends one request and has its body read, within one timeout: a place among those at once, retries, signature, answer checked, body read.
/// An appliance that does not answer is left alone for a while (<see cref="Circuit"/>). Every failure is an
/// <see cref="ApplianceException"/>; the caller's own cancellation stays what it is.
/// </summary>
internal sealed class Sender : IDisposable
{
    private static readonly TimeSpan LongestTrial = TimeSpan.FromSeconds(10);

    private readonly DarktraceOptions _options;
    private readonly TimeProvider _timeProvider;
    private readonly ServerTrust _trust;
    private readonly FairPlaces _places;
    private readonly Circuit _circuit;
    private readonly Lazy<HttpMessageInvoker> _invoker;
    private readonly string _origin;
    private long _answeredAt;

    /// <param name="options">Checked by the caller.</param>
    /// <param name="timeProvider">Dates the signature, and times waits and the timeout.</param>
    /// <param name="logger">Gets a line an attempt.</param>
    /// <param name="wire">Stands in for the sockets in a test.</param>
    internal Sender(DarktraceOptions options, TimeProvider timeProvider, ILogger logger, HttpMessageHandler? wire = null)
    {
        _options = options;
        _timeProvider = timeProvider;
        _trust = ServerTrust.Create(options);
        _places = new FairPlaces(options.MaxConcurrency);
        _circuit = new Circuit(timeProvider, options.Shared);
        _origin = options.Host.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped);

        // Built at the first question, not at start-up: a server that is only asked for its tools needs none of it.
        _invoker = new Lazy<HttpMessageInvoker>(() => Build(wire, logger));
    }

    internal ServerClock Clock { get; } = new();

    /// <summary>How long ago it answered last, though it were a refusal; null before the first time.</summary>
    internal TimeSpan? SinceAnswer =>
        Interlocked.Read(ref _answeredAt) is var at and not 0 ? _timeProvider.GetElapsedTime(at) : null;

    /// <summary>Requests at once.</summary>
    internal int MaxConcurrency => _options.MaxConcurrency;

    /// <summary>Requests that wait for a place.</summary>
    internal int Waiting => _places.Waiting;

    internal async Task<T> AskAsync<T>(ApplianceRequest asked, Func<Stream, CancellationToken, Task<T>> read,
        CancellationToken cancellationToken)
    {
        // Before the queue, so that nobody waits for being told, and behind it, because it may have failed meanwhile.
        _circuit.Check();
        using var place = await _places.EnterAsync(Lane.Current, cancellationToken).ConfigureAwait(false);
        using var shared = _options.Shared is null ? null : await _options.Shared.EnterAsync(cancellationToken).ConfigureAwait(false);
        if (shared?.Opening is { } opening)
        {
            _circuit.Hear(opening);
        }

        if (_circuit.MustTry())
        {
            await TryAsync(cancellationToken).ConfigureAwait(false);
        }

        return await AskAsync(asked, read, _options.Timeout, cancellationToken).ConfigureAwait(false);
    }

    public void Dispose()
    {
        if (_invoker.IsValueCreated)
        {
            _invoker.Value.Dispose();
        }
    }

    // Any answer will do, a refusal as well: only what the circuit hears of it matters.
    private async Task TryAsync(CancellationToken cancellationToken)
    {
        var longest = _options.Timeout < LongestTrial ? _options.Timeout : LongestTrial;
        try
        {
            await AskAsync(CompanionRequest.Status(), static (_, _) => Task.FromResult(true), longest, cancellationToken)
                .ConfigureAwait(false);
        }
        catch (ApplianceException)
        {
            // The next line says what came of it.
        }
        finally
        {
            _circuit.Tried();
        }

        _circuit.Check();
    }

    private async Task<T> AskAsync<T>(ApplianceRequest asked, Func<Stream, CancellationToken, Task<T>> read, TimeSpan longest,
        CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(longest, _timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        var attempts = new Attempts(_timeProvider, longest);
        using var course = new RequestCourse(asked, attempts);
        var failures = new TransportFailures(_options, _trust, asked, attempts);
        var hasAnswered = false;
        try
        {
            using var request = Message(asked, attempts, course.TraceParent);
            using var response = await SendAsync(request, IsSmall(asked), failures, either.Token).ConfigureAwait(false);
            hasAnswered = true;
            Note(asked, response, attempts);
            var answer = new AnswerCheck(_options, asked, attempts, _timeProvider);
            var body = course.Body = await answer.OpenAsync(response, either.Token).ConfigureAwait(false);
            await using (body.ConfigureAwait(false))
            {
                var result = await read(body, either.Token).ConfigureAwait(false);
                course.Failure = null;
                return result;
            }
        }
        catch (Exception error) when (either.IsCancellationRequested && IsBrokenOff(error))
        {
            // Whichever way the transport tells it: the caller went away, or the time is up.
            cancellationToken.ThrowIfCancellationRequested();
            throw course.Failing(hasAnswered ? failures.TimedOut(error) : Noted(failures.TimedOut(error), IsSmall(asked)));
        }
        catch (Exception error) when (error is IOException or InvalidDataException)
        {
            throw course.Failing(failures.BrokenBody(error));
        }
        catch (ApplianceException error)
        {
            course.Failing(error);
            throw;
        }
    }

    private void Note(ApplianceRequest asked, HttpResponseMessage response, Attempts attempts)
    {
        if (Retrying.IsBusy(response.StatusCode))
        {
            _circuit.Failed(ApplianceFailures.Busy(response.StatusCode, attempts), IsSmall(asked));
        }
        else
        {
            _circuit.Answered();
            Interlocked.Exchange(ref _answeredAt, _timeProvider.GetTimestamp() is var now and not 0 ? now : 1);
        }
    }

    // What is wrong with a certificate or with what answers is told at once, each time: nothing is gained by not asking.
    private ApplianceException Noted(ApplianceException failure, bool isOfAll)
    {
        if (failure.Error is ApplianceError.Unreachable or ApplianceError.Timeout or ApplianceError.ApplianceBusy)
        {
            _circuit.Failed(failure, isOfAll);
        }

        return failure;
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, bool isSmall, TransportFailures failures,
        CancellationToken cancellationToken)
    {
        try
        {
            return await _invoker.Value.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (HttpRequestException error) when (!cancellationToken.IsCancellationRequested)
        {
            throw Noted(failures.From(error), isSmall || IsWithoutConnection(error));
        }
        catch (OperationCanceledException error) when (!cancellationToken.IsCancellationRequested)
        {
            throw Noted(failures.NotConnected(error), isOfAll: true);
        }
    }

    // The appliance answers its state from a cache.
    private static bool IsSmall(ApplianceRequest asked) => asked.Endpoint == CompanionRequest.StatusEndpoint;

    // A connection that breaks while it is waited for the answer may break because of the question.
    private static bool IsWithoutConnection(HttpRequestException error) => error.HttpRequestError is HttpRequestError.NameResolutionError
        or HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError;

    private static bool IsBrokenOff(Exception error) =>
        error is OperationCanceledException or HttpRequestException or IOException
            or ApplianceException { Error: ApplianceError.BadAnswer };

    private HttpRequestMessage Message(ApplianceRequest asked, Attempts attempts, string? traceParent)
    {
        // Kept as written: the signature is over these characters.
        var target = new Uri(_origin + Request.Target(asked),
            new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        var message = new HttpRequestMessage(asked.Json is null ? HttpMethod.Get : HttpMethod.Post, target);
        message.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        if (traceParent is not null)
        {
            message.Headers.TryAddWithoutValidation("traceparent", traceParent);
        }

        message.Options.Set(ApplianceRequest.Key, asked);
        message.Options.Set(Attempts.Key, attempts);
        if (asked.Json is { } json)
        {
            message.Content = new StringContent(json, Encoding.UTF8, "application/json");
        }

        return message;
    }

    private HttpMessageInvoker Build(HttpMessageHandler? wire, ILogger logger)
    {
        var signer = new Signer(_options.PublicToken, _options.PrivateToken, _options.DateFormat, _options.SignEncoded);
        var attempt = new AttemptHandler(Clock, _timeProvider, logger, wire ?? Sockets());
        var signing = new SigningHandler(signer, _timeProvider, attempt);
        return new HttpMessageInvoker(new ResilienceHandler(Retrying.Create(_timeProvider)) { InnerHandler = signing });
    }

    private SocketsHttpHandler Sockets() => new()
    {
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.All,
        MaxConnectionsPerServer = _options.MaxConcurrency,
        UseCookies = false,
        UseProxy = !_options.Host.IsLoopback,
        ActivityHeadersPropagator = null,
        ConnectTimeout = TimeSpan.FromSeconds(Math.Min(15, _options.Timeout.TotalSeconds)),
        PooledConnectionLifetime = TimeSpan.FromMinutes(10),
        SslOptions =
            { RemoteCertificateValidationCallback = (_, certificate, chain, errors) => _trust.Accepts(certificate, chain, errors) },
    };
}
