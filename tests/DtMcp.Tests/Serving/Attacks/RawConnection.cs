using System.Net;
using System.Net.Sockets;
using System.Text;

namespace DtMcp.Tests.Serving.Attacks;

/// <summary>A connection on which anything can be sent, well formed or not.</summary>
internal sealed class RawConnection : IDisposable
{
    private readonly TcpClient _client = new();
    private NetworkStream _stream = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<RawConnection> OpenAsync(Uri server)
    {
        var connection = new RawConnection();
        await connection._client.ConnectAsync(IPAddress.Loopback, server.Port, Token);
        connection._stream = connection._client.GetStream();
        return connection;
    }

    public async Task SendAsync(string text) => await _stream.WriteAsync(Encoding.Latin1.GetBytes(text), Token);

    /// <summary>All that comes until the other side closes.</summary>
    public async Task<string> ReadToEndAsync()
    {
        using var all = new MemoryStream();
        try
        {
            await _stream.CopyToAsync(all, Token);
        }
        catch (IOException)
        {
            // Closed while it was still sent to: what came before counts.
        }

        return Encoding.Latin1.GetString(all.ToArray());
    }

    /// <summary>Sends, and reads until the other side closes.</summary>
    public static async Task<string> AskAsync(Uri server, string text)
    {
        using var connection = await OpenAsync(server);
        try
        {
            await connection.SendAsync(text);
        }
        catch (Exception refused) when (refused is IOException or SocketException)
        {
            // Refused before all of it was sent.
        }

        return await connection.ReadToEndAsync();
    }

    public void Dispose() => _client.Dispose();
}
