using System.Threading.Channels;
using DtMcp.Running;
using DtMcp.Traffic.Questions;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace DtMcp.Serving;

/// <summary>
/// Progress of one call to its client, in order, each higher than the last (MCP: progress MUST increase), none after the answer. The
/// investigator says how often; a slow client gets the newest only.
/// </summary>
internal sealed class ProgressNotifier : IProgress<AskProgress>
{
    private readonly Channel<AskProgress> _channel = Channel.CreateBounded<AskProgress>(new BoundedChannelOptions(1)
    {
        FullMode = BoundedChannelFullMode.DropOldest,
    });
    private readonly ProgressCourse _course = new();
    private readonly Task _sending;

    public ProgressNotifier(McpServer server, ProgressToken token, CancellationToken cancellationToken) =>
        _sending = SendAsync(server, token, cancellationToken);

    public void Report(AskProgress value) => _channel.Writer.TryWrite(_course.Add(value));

    /// <summary>Ends once the last one is sent.</summary>
    public async Task EndAsync()
    {
        _channel.Writer.TryComplete();
        await _sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task SendAsync(McpServer server, ProgressToken token, CancellationToken cancellationToken)
    {
        var last = -1.0;
        await foreach (var progress in _channel.Reader.ReadAllAsync(cancellationToken))
        {
            if (progress.Done > last)
            {
                last = progress.Done;
                var value = new ProgressNotificationValue
                {
                    Progress = (float)progress.Done,
                    Total = (float?)progress.Total,
                    Message = progress.Message,
                };
                await server.NotifyProgressAsync(token, value, cancellationToken: cancellationToken);
            }
        }
    }
}
