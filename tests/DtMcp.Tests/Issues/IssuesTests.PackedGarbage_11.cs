using System.Text;
using DtMcp.Tests.Support;

namespace DtMcp.Tests.Issues;

/// <summary>Garbage that says it is packed passed for a fault of the program, and ended <c>check</c> in its middle.</summary>
public sealed class PackedGarbage_11
{
    [Theory]
    [InlineData("br", 200)]
    [InlineData("br", 400)]
    [InlineData("gzip", 200)]
    [InlineData("deflate", 200)]
    public async Task A_call_tells_of_a_bad_answer(string encoding, int status)
    {
        await using var server = new TinyServer(Garbage(encoding, status));

        var (code, output, error) = await Published.RunAsync(Start(server, "call", "summarize_network_traffic"));

        Assert.Equal(1, code);
        Assert.Empty(output);
        Assert.StartsWith("bad_answer: ", error.Split('\n').First(line => !line.Contains(" warn ", StringComparison.Ordinal)),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_tries_each_permission_to_its_end()
    {
        await using var server = new TinyServer(Garbage("br", 200));

        var (code, output, error) = await Published.RunAsync(Start(server, "check"));

        Assert.Equal(1, code);
        Assert.DoesNotContain("fault", error, StringComparison.Ordinal);
        string[] checks = ["network", "advancedsearch", "devicesearch", "devices", "enums", "subnets", "modelbreaches", "status"];
        Assert.All(checks, check => Assert.Contains($"\n{check}|bad_answer|", output, StringComparison.Ordinal));
    }

    private static System.Diagnostics.ProcessStartInfo Start(TinyServer server, params string[] args)
    {
        var start = Published.Start(args);
        start.Environment["DARKTRACE_HOST"] = server.Http;
        start.Environment["DARKTRACE_PUBLIC_TOKEN"] = "public-token-of-tests";
        start.Environment["DARKTRACE_PRIVATE_TOKEN"] = "private-token-of-tests";
        return start;
    }

    private static Func<Stream, CancellationToken, Task> Garbage(string encoding, int status)
    {
        var body = new byte[4096];
        new Random(11).NextBytes(body);
        var head = Encoding.ASCII.GetBytes(
            $"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Encoding: {encoding}\r\nContent-Length: " +
            $"{body.Length}\r\nConnection: close\r\n\r\n");
        return async (stream, cancellationToken) => await stream.WriteAsync((byte[])[.. head, .. body], cancellationToken);
    }
}
