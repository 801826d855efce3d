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
        IsTouched = true;
        var hasArtefacts = false;
        await history.SumChannelsAsync(
            rows, book.WantsStarts ? Fewest(rows, flows) : null, flows,
            (in channel, starts, sizes) =>
            {
                hasArtefacts |= channel.HasArtefacts;
                book.Add(flows, channel, starts, sizes);
            },
            cancellationToken).ConfigureAwait(false);
        if (hasArtefacts)
        {
            await history.ReadArtefactsAsync(rows, flows, chunk => book.NoteArtefacts(flows, chunk), cancellationToken)
                .ConfigureAwait(false);
        }
    }

    // Later rows may bring any channel to enough; of more connections than are kept those that have enough already go first.
    private int Fewest(HistorySelection rows, FlowSet flows)
    {
        if (rows.Search.Window.EndMs >= settings.Window.EndMs)
        {
            return fewestStarts;
        }

        if (flows.Count <= ChannelBook.MaxStarts)
        {
            return 1;
        }

        book.NoteStartsLeftOut();
        return fewestStarts;
    }

    public void NoteNames(FlowSet flows)
    {
    }

    public Task FinishAsync(HistorySelection rows, FlowSet flows, CancellationToken cancellationToken) => Task.CompletedTask;
}
