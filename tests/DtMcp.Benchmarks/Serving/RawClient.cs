using System.Net;
using System.Net.Sockets;
using System.Text;

namespace DtMcp.Benchmarks.Serving;

/// <summary>
/// One connection that posts the same bytes over and over and looks at nothing but the end of each answer, so that the load costs little
/// beside the server.
/// </summary>
internal sealed class RawClient : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _request;
    private byte[] _answer = new byte[64 * 1024];

    public RawClient(Uri address, string json)
    {
        _request = Encoding.UTF8.GetBytes(
            $"POST {address.AbsolutePath} HTTP/1.1\r\nHost: {address.Authority}\r\nContent-Type: application/json\r\nAccept: " +
            $"application/json, text/event-stream\r\n"
            + $"MCP-Protocol-Version: 2025-11-25\r\nContent-Length: {Encoding.UTF8.GetByteCount(json)}\r\n\r\n{json}");
        _socket.Connect(IPAddress.Parse(address.Host), address.Port);
    }

    /// <summary>The whole answer, head and all; good until the next call.</summary>
    public ReadOnlySpan<byte> Post()
    {
        _socket.Send(_request);
        var filled = 0;
        while (true)
        {
            if (filled == _answer.Length)
            {
                Array.Resize(ref _answer, _answer.Length * 2);
            }

            var read = _socket.Receive(_answer.AsSpan(filled));
            if (read == 0)
            {
                throw new InvalidOperationException("The server hung up: " + Encoding.UTF8.GetString(_answer, 0, filled));
            }

            filled += read;
            if (IsWhole(_answer.AsSpan(0, filled)))
            {
                return _answer.AsSpan(0, filled);
            }
        }
    }

    public void Dispose() => _socket.Dispose();

    private static bool IsWhole(ReadOnlySpan<byte> answer)
    {
        var end = answer.IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            return false;
        }

        var head = Encoding.ASCII.GetString(answer[..end]);
        var at = head.IndexOf("Content-Length: ", StringComparison.OrdinalIgnoreCase);
        if (at < 0)
        {
            return answer.EndsWith("\r\n0\r\n\r\n"u8);
        }

        var digits = head.AsSpan(at + "Content-Length: ".Length);
        var line = digits.IndexOf('\r');
        return answer.Length == end + 4 + int.Parse(line < 0 ? digits : digits[..line], System.Globalization.CultureInfo.InvariantCulture);
    }
}
