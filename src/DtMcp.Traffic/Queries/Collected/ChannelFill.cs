using DtMcp.Darktrace.Flows;
using DtMcp.Traffic.Evidence.Collected;
using DtMcp.Traffic.Queries.Channels;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic.Queries.Collected;

/// <summary>
/// Fills the channels of a hunt with those that the history grouped, so that no row of a long window is read. Rows that began later are
/// added by the book as always, and the rules judge the channels as they judge those of rows.
/// </summary>
/// <param name="history">What groups.</param>
/// <param name="book">Takes the channels.</param>
/// <param name="settings">The question's.</param>
/// <param name="fewestStarts">Channels with fewer connections, those that began later included, are not looked at for rhythms.</param>
internal sealed class ChannelFill(IHistory history, ChannelBook book, AnalysisSettings settings, int fewestStarts) : IHistoryFill
{
    public AnalysisSettings About => settings;

    public IFlowConsumer Later => book;

    public bool IsTouched { get; private set; }

    public long Selected => book.Connections;

    public async Task SumAsync(HistorySelection rows, FlowSet flows, CancellationToken cancellationToken)
    {
        var figures = await history.SumAsync(rows, [Terms.None, Terms.Genuine], cancellationToken).ConfigureAwait(false);
        IsTouched = true;
        var isAll = rows.Search.Window.EndMs >= settings.Window.EndMs;
        await history.SumChannelsAsync(
            rows, !book.WantsStarts ? null : isAll ? fewestStarts : 1, flows,
            (in channel, starts, sizes) => book.Add(flows, channel, starts, sizes), cancellationToken).ConfigureAwait(false);
        if (figures[0].Connections > figures[1].Connections)
        {
            await history.ReadArtefactsAsync(rows, flows, chunk => book.NoteArtefacts(flows, chunk), cancellationToken)
                .ConfigureAwait(false);
        }
    }

    public void NoteNames(FlowSet flows)
    {
    }

    public Task FinishAsync(HistorySelection rows, FlowSet flows, CancellationToken cancellationToken) => Task.CompletedTask;
}
