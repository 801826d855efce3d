using System.CommandLine;
using System.Net.Sockets;
using System.Text;
using DtMcp.Configuration;
using DtMcp.Running;

namespace DtMcp.Commands;

/// <summary>
/// <c>dtmcp health</c>: whether <c>serve</c> answers, for a container's health check, where no other program is at hand.
/// </summary>
internal static class HealthCommand
{
    private const string Examples =
        """


        Examples:
          dtmcp health
          dtmcp health --url http://127.0.0.1:9000
        """;

    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    public static Command Build(ProcessContext context)
    {
        var url = new Option<string>("--url")
        {
            Description = "Where serve listens.",
            DefaultValueFactory = _ => "http://127.0.0.1:8080",
            HelpName = "URL",
        };
        var command = new Command("health", "Ask a running serve whether it is well; exit 0 when it is." + Examples) { url };
        command.SetAction((result, cancellationToken) => RunAsync(context, result.GetRequiredValue(url), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(ProcessContext context, string url, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var at) || at.Scheme != Uri.UriSchemeHttp)
        {
            throw new SetupException("--url is where serve listens, such as http://127.0.0.1:8080.");
        }

        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        ending.CancelAfter(LongestWait);
        var status = "no answer";
        try
        {
            status = await AskAsync(at, ending.Token);
        }
        catch (Exception failure) when (failure is SocketException or IOException
            || (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // Not there, or not in time: not well.
        }

        await context.Out.WriteLineAsync(status);
        await context.Out.FlushAsync(cancellationToken);
        return status.StartsWith("HTTP/1.1 200 ", StringComparison.Ordinal) ? Entry.Done : Entry.Failed;
    }

    private static async Task<string> AskAsync(Uri at, CancellationToken cancellationToken)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(at.Host.Trim('[', ']'), at.Port, cancellationToken);
        var stream = client.GetStream();
        var request = $"GET /healthz HTTP/1.1\r\nHost: {at.Authority}\r\nConnection: close\r\n\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request), cancellationToken);
        using var reader = new StreamReader(stream, Encoding.ASCII);
        return await reader.ReadLineAsync(cancellationToken) ?? "no answer";
    }
}
