using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace DtMcp.Benchmarks.Calling;

/// <summary>
/// An appliance that costs next to nothing: <c>/network</c> is a file handed to the socket by the kernel, in one encoding, to whoever asks;
/// anything else is 404. Plain HTTP on loopback, no signature checked. Its address is the first line it says; it ends when its input does.
/// </summary>
internal static class FileServer
{
    public static async Task RunAsync(string path, string encoding)
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        var accepting = new Thread(() => Accept(listener, path, encoding)) { IsBackground = true };
        accepting.Start();
        await Console.Out.WriteLineAsync($"http://{listener.LocalEndPoint}");
        await Console.Out.FlushAsync();
        while (await Console.In.ReadLineAsync() is not null)
        {
        }
    }

    private static void Accept(Socket listener, string path, string encoding)
    {
        while (true)
        {
            var client = listener.Accept();
            new Thread(() => Answer(client, path, encoding)) { IsBackground = true }.Start();
        }
    }

    private static void Answer(Socket client, string path, string encoding)
    {
        client.NoDelay = true;
        var buffer = new byte[16 * 1024];
        try
        {
            using (client)
            {
                while (Head(client, buffer) is { } head)
                {
                    if (!head.StartsWith("GET /network", StringComparison.Ordinal))
                    {
                        client.Send(Encoding.ASCII.GetBytes(string.Create(
                            CultureInfo.InvariantCulture,
                            $"HTTP/1.1 404 Not Found\r\nDate: {DateTimeOffset.UtcNow:R}\r\nContent-Type: " +
                            $"application/json\r\nContent-Length: 2\r\n\r\n{{}}")));
                        continue;
                    }

                    var packed = encoding == "identity" ? "" : $"Content-Encoding: {encoding}\r\n";
                    var start = string.Create(
                        CultureInfo.InvariantCulture,
                        $"HTTP/1.1 200 OK\r\nDate: {DateTimeOffset.UtcNow:R}\r\nContent-Type: " +
                        $"application/json\r\n{packed}Content-Length: {new FileInfo(path).Length}\r\n\r\n");
                    client.SendFile(path, Encoding.ASCII.GetBytes(start), null, TransmitFileOptions.UseDefaultWorkerThread);
                }
            }
        }
        catch (SocketException)
        {
            // The client went away.
        }
    }

    /// <summary>The head of the next request; null when there is none. No request here has a body.</summary>
    private static string? Head(Socket client, byte[] buffer)
    {
        var filled = 0;
        while (filled < buffer.Length)
        {
            var read = client.Receive(buffer.AsSpan(filled));
            if (read == 0)
            {
                return null;
            }

            filled += read;
            if (buffer.AsSpan(0, filled).EndsWith("\r\n\r\n"u8))
            {
                return Encoding.ASCII.GetString(buffer, 0, filled);
            }
        }

        return null;
    }
}
