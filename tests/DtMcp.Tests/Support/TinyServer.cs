using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace DtMcp.Tests.Support;

/// <summary>A server that sends what it is told, byte for byte, to each request on a fresh connection.</summary>
internal sealed class TinyServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<string, Stream, CancellationToken, Task> _answer;
    private readonly Task _running;

    public TinyServer(Func<Stream, CancellationToken, Task> answer, X509Certificate2? certificate = null)
        : this((_, stream, cancellationToken) => answer(stream, cancellationToken), certificate)
    {
    }

    /// <summary>One that looks at the target of each request, such as <c>/devices?did=1</c>.</summary>
    public TinyServer(Func<string, Stream, CancellationToken, Task> answer, X509Certificate2? certificate = null)
    {
        _answer = answer;
        Certificate = certificate;
        _listener.Start();
        _running = RunAsync();
    }

    /// <summary>What it shows to the next connection; null for plain HTTP.</summary>
    public X509Certificate2? Certificate { get; set; }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public string Http => $"http://127.0.0.1:{Port}";

    public string Https => $"https://localhost:{Port}";

    public static Func<Stream, CancellationToken, Task> Json(string body) => Raw(
        $"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nDate: Thu, 15 Jan 2026 09:00:00 GMT\r\nContent-Length: " +
        $"{Encoding.UTF8.GetByteCount(body)}\r\nConnection: close\r\n\r\n{body}");

    public static Func<Stream, CancellationToken, Task> Raw(string answer) =>
        async (stream, cancellationToken) => await stream.WriteAsync(Encoding.UTF8.GetBytes(answer), cancellationToken);

    public static Func<Stream, CancellationToken, Task> Stalls(string answer) => async (stream, cancellationToken) =>
    {
        await Raw(answer)(stream, cancellationToken);
        await stream.FlushAsync(cancellationToken);
        await Task.Delay(Timeout.Infinite, cancellationToken);
    };

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _listener.Stop();
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        List<Task> served = [];
        try
        {
            while (true)
            {
                served.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(served);
        }
    }

    // What a test's answer stumbles over ends the question: a connection that only closed would be asked again, on a clock that stands.
    private async Task AnswerAsync(string target, Stream stream)
    {
        try
        {
            await _answer(target, stream, _stop.Token);
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException)
        {
            await Raw("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")(stream, _stop.Token);
            throw;
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                Stream stream = client.GetStream();
                if (Certificate is { } certificate)
                {
                    var secure = new SslStream(stream);
                    await secure.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = certificate },
                        _stop.Token);
                    stream = secure;
                }

                await using (stream)
                {
                    var head = new byte[16 * 1024];
                    var length = 0;
                    while (!head.AsSpan(0, length).EndsWith("\r\n\r\n"u8))
                    {
                        var count = await stream.ReadAsync(head.AsMemory(length), _stop.Token);
                        if (count == 0)
                        {
                            return;
                        }

                        length += count;
                    }

                    await AnswerAsync(Encoding.ASCII.GetString(head, 0, length).Split(' ', 3)[1], stream);
                }
            }
            catch (Exception error) when (error is OperationCanceledException or IOException
                or System.Security.Authentication.AuthenticationException)
            {
                // The client went away or did not trust us: what the test is about.
            }
        }
    }
}
